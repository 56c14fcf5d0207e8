"""Who needs attention first: what a coach with a folder for each athlete reads on Monday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from formcheck.batch.summary import NOT_ASSESSED
from formcheck.history.trend import FEWEST
from formcheck.present.reading import finding_colour, this_week, uneven
from formcheck.words.history import course
from formcheck.words.severity import FAULTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formcheck.history.model import AthleteHistory
    from formcheck.report.model import Profile
    from formcheck.words.history import Course

ORDER = (*FAULTS, NOT_ASSESSED, "ok")
"""Verdicts on a clip, the worst first. What cannot be told may need another clip; what is
fine needs nothing."""
FINDINGS = ("likely", "watch", "insufficient", "none")
"""Findings on the upper back, that with the most to do first."""


@dataclass(frozen=True)
class ClipVerdict:
    """What a clip came to.

    Attributes
    ----------
    lift
        Identifier of the exercise.
    recorded_at
        ISO 8601; None where it is not known, which counts as the latest.
    severity
        The worst verdict.
    fault
        Title of the worst fault; None without one.
    note
        What the coach noted on its folder, in short.
    """

    lift: str
    recorded_at: str | None
    severity: str
    fault: str | None
    note: str = ""


@dataclass(frozen=True)
class Outlook:
    """What an athlete's profile and history come to.

    Attributes
    ----------
    page
        The profile, relative to the results.
    finding
        On the upper back.
    course, trend
        Whether something got worse or better beyond noise, and what, in words.
    film
        What to film next, a sentence.
    week
        What to do this week, in short; empty where too little was seen.
    uneven
        How left and right differ; empty where they do not.
    colour
        Of the finding's badge, as on the profile.
    """

    page: str
    finding: str
    course: Course
    trend: str
    film: str
    week: str = ""
    uneven: str = ""
    colour: str = "none"


@dataclass(frozen=True)
class AthleteLine:
    """An athlete among the others.

    Attributes
    ----------
    name
        As it is shown.
    clips
        How many were analysed.
    severity, fault, lift
        The worst verdict in the latest session of each lift, the title of its fault if it is
        one, and in which lift.
    outlook
        What all clips say together.
    note
        What the coach noted on the athlete's folder, in short.
    """

    name: str
    clips: int
    severity: str
    fault: str | None
    lift: str | None
    outlook: Outlook
    note: str = ""

    @property
    def urgency(self) -> tuple[bool, int, bool, bool, int, str]:
        """Sorts who needs attention first (`docs/batch.md` has it in words)."""
        return (
            self.outlook.finding != "likely",
            ORDER.index(self.severity),
            self.outlook.course != "worse",
            not self.outlook.uneven,
            FINDINGS.index(self.outlook.finding),
            self.name,
        )


def outlook_of(profile: Profile, found: AthleteHistory, page: str, /) -> Outlook:
    """The gist of an athlete's profile and history; `page` is where the profile is."""
    way, trend = course(found, FEWEST)
    finding = profile.upper_back
    film = next((a.why for a in finding.advice if a.kind == "filming"), "")
    return Outlook(
        page,
        finding.finding,
        way,
        trend,
        film,
        this_week(finding),
        uneven(finding),
        finding_colour(finding),
    )


def athlete_line(name: str, clips: Iterable[ClipVerdict], outlook: Outlook, /) -> AthleteLine:
    """An athlete from what all of their clips came to."""
    own = list(clips)
    now = latest(own)
    worst = min(now, key=lambda clip: ORDER.index(clip.severity), default=None)
    if worst is None:
        return AthleteLine(name, 0, NOT_ASSESSED, None, None, outlook)
    note = next((clip.note for clip in now if clip.note), "")
    return AthleteLine(name, len(own), worst.severity, worst.fault, worst.lift, outlook, note)


def latest(clips: Iterable[ClipVerdict], /) -> list[ClipVerdict]:
    """The clips of the latest day of each lift: what was put right since is no fault now."""
    own = list(clips)
    days: dict[str, str] = {}
    for clip in own:
        days[clip.lift] = max(days.get(clip.lift, ""), _day(clip))
    return [clip for clip in own if _day(clip) in ("", days[clip.lift])]


def _day(clip: ClipVerdict) -> str:
    """The day where it was recorded; empty where it is not known."""
    if clip.recorded_at is None:
        return ""
    return datetime.fromisoformat(clip.recorded_at).date().isoformat()
