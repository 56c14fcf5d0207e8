"""What all clips of a run share."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from formcheck import __version__
from formcheck.errors import FormcheckError
from formcheck.lifter import NOBODY_ASKED, Lifter
from formcheck.pose.model import Quality, load_model
from formcheck.pose.tracker import TRACKER_VERSION, TrackSettings
from formcheck.report.build_upper_back import number
from formcheck.rules.book import built_in_book
from formcheck.words.language import ENGLISH

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.pose.model import PoseModel
    from formcheck.rules.book import RuleBook


class WorkerError(FormcheckError):
    """A worker is not what the run expects."""


@dataclass(frozen=True)
class RunSettings:
    """How the clips of a run are analysed; a value that is sent to the workers.

    Attributes
    ----------
    model_sha256
        Content of the pose bundle: a worker with another one refuses.
    exercise
        Identifier of the exercise; None to recognise it.
    lifter
        What the user told, for every clip.
    track
        Sampling rate and engine.
    book
        Exercises and rules; None for those that come with formcheck.
    model
        Which of the pose networks that come with formcheck, or another bundle.
    html, annotate
        Whether to write a page and an annotated video for each clip.
    language
        That of all words.
    """

    model_sha256: str
    exercise: str | None = None
    lifter: Lifter = NOBODY_ASKED
    track: TrackSettings = field(default_factory=TrackSettings)
    book: RuleBook | None = None
    model: Path | Quality = Quality.STANDARD
    html: bool = True
    annotate: bool = False
    language: str = ENGLISH
    version: str = __version__

    @property
    def rules(self) -> RuleBook:
        """Exercises and rules."""
        return self.book or built_in_book()

    def facts(self) -> dict[str, Any]:
        """Everything that a result depends on besides the clip, as plain data."""
        track = {
            key: number(value) if isinstance(value, float) else value
            for key, value in self.track.facts().items()
        }
        return {
            "version": self.version,
            "tracker": TRACKER_VERSION,
            "model": self.model_sha256,
            "rules": self.rules.sha256,
            "exercise": self.exercise,
            "lifter": asdict(self.lifter),
            "track": track,
            "html": self.html,
            "annotate": self.annotate,
            "language": self.language,
        }

    def checked_model(self) -> PoseModel:
        """The pose bundle on this machine.

        Raises
        ------
        WorkerError
            If it, or formcheck, is another one than where the run was started.
        """
        if self.version != __version__:
            raise WorkerError(
                f"Expected formcheck {self.version} on every worker, got {__version__} on one."
            )
        model = load_model(self.model)
        if model.sha256 != self.model_sha256:
            raise WorkerError(
                f"Expected the pose model {self.model_sha256[:12]} on every worker, "
                f"got {model.sha256[:12]} on one."
            )
        return model
