"""Results of athletes over time: one SQLite file, and what changed beyond noise.

    report -> History.add -> History.clips -> athlete_history -> terminal, page, JSON

`judge_family` decides what is called a change; it knows nothing of files or clips.
"""

from formcheck.history.clip import Recorded
from formcheck.history.overview import athlete_history
from formcheck.history.store import History

__all__ = ["History", "Recorded", "athlete_history"]
