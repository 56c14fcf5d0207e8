"""What is said of repetitions, and where none could be counted."""

from __future__ import annotations

REP_KINDS = {
    "partial": "is partial (it counts)",
    "failed": "failed (it does not count)",
    "invalid": "is not a rep of this exercise (it does not count)",
}
"""By their kinds; a full one needs no words."""
FILM_AGAIN = "Film one whole set, with your whole body in the frame and the camera still."
OTHER_EXERCISE = " If this is another exercise, name it with --exercise."
