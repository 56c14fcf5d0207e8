"""The finding in words: what was seen where, what agrees, what speaks against it.

All words are in ``data/summary.toml``; nothing here weighs anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from formcheck.data_files import built_in, read_data
from formcheck.exercises.schema import Strict
from formcheck.rules.merge import STANDING
from formcheck.upper_back.balance import SideGrade
from formcheck.upper_back.cues import Finding, Words, cue_table
from formcheck.upper_back.evidence import Confidence
from formcheck.upper_back.library import lift_name, pulls, to_film
from formcheck.upper_back.observations import GOOD_REPS
from formcheck.words.language import _, later
from formcheck.words.text import full_sentence, joined, lower_first

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from formcheck.upper_back.balance import SideDifference
    from formcheck.upper_back.evidence import CueEvidence, Evidence

FILE = "summary.toml"
CONFIDENCES = {
    Confidence.LOW: later("low"),
    Confidence.MEDIUM: later("medium"),
    Confidence.HIGH: later("high"),
}


class Say(Strict):
    """Sentences; what may stand in braces is what the functions below put in."""

    signs_only: Words
    in_part: Words
    checked: Words
    checked_in: Words
    too_little: Words
    not_checked: Words
    never: Words
    stated: Words
    cues: Words
    cues_reps: Words
    lifts: Annotated[tuple[Words, ...], Field(min_length=1)]
    several: Words
    single: Words
    against: Words
    easy_set: Words
    sides_level: Words
    sides_unknown: Words
    sides_again: Words
    sides_mixed: Words
    posture_unknown: Words
    posture_level: Words
    posture_note: Words
    add_sides: Words
    add_reps: Words
    too_poor: Words
    film_again: Words
    clip_again: Words


class SummaryWords(Strict):
    """The whole file: the finding in full and in short, sentences."""

    finding: dict[Finding, Words]
    grade: dict[Finding, Words]
    say: Say

    @model_validator(mode="after")
    def _whole(self) -> SummaryWords:
        lifts = len({group.exercise for group in cue_table().group} - {STANDING})
        if len(self.say.lifts) < lifts:
            raise ValueError(f"say.lifts: expected words for 1 to {lifts} lifts")
        for name, given, wanted in (
            ("finding", {*self.finding}, {*Finding}),
            ("grade", {*self.grade}, {*Finding}),
        ):
            missing = sorted(wanted - given)
            if missing:
                raise ValueError(f"{name}: no words for {str(missing[0])!r}")
        return self


@lru_cache(maxsize=1)
def summary_words() -> SummaryWords:
    """The words that come with formcheck."""
    return read_data(built_in("upper_back", FILE), SummaryWords)


def finding_words(finding: str, /) -> str:
    """A finding in few words, the same in every list and page.

    >>> finding_words("watch")
    'keep an eye on it'
    """
    return _(summary_words().grade[Finding(finding)])


def answer(evidence: Evidence, /, *, thorough: bool) -> str:
    """The finding in one plain sentence.

    Parameters
    ----------
    evidence
        The combined signs.
    thorough
        Whether finding none means something (`UpperBack.is_thorough`).
    """
    words = summary_words()
    if evidence.grade is Finding.NONE and any(c.counted for c in evidence.shown):
        return _(words.say.signs_only)
    if evidence.grade is Finding.NONE and not thorough:
        return _(words.say.in_part)
    return _(words.finding[evidence.grade])


def looked_at(evidence: Evidence, unchecked: Iterable[str], /) -> tuple[str, ...]:
    """What was checked, lift by lift, and what was not, in a sentence each.

    Parameters
    ----------
    evidence
        The combined signs.
    unchecked
        Identifiers of signs that could not be judged (`UpperBack.unchecked`).
    """
    say, table = summary_words().say, cue_table()
    checked = {c.cue.id for c in evidence.cues if c.counted and c.exercise != STANDING}
    lifts: dict[str, list[str]] = {}
    for cue in table.cue:
        if cue.id in checked:
            lifts.setdefault(table.exercise(cue), []).append(_(cue.looks_at))
    if lifts and evidence.grade is Finding.INSUFFICIENT:  # what was checked would be heard as said
        found = [_(say.too_little).format(signs=joined([s for own in lifts.values() for s in own]))]
    elif len(lifts) == 1:
        found = [_(say.checked).format(signs=joined(signs)) for signs in lifts.values()]
    else:
        found = [
            _(say.checked_in).format(lift=lift_name(lift), signs=joined(signs))
            for lift, signs in lifts.items()
        ]
    left = [_(table.cues[name].looks_at) for name in unchecked]
    return (*found, _(say.not_checked).format(signs="; ".join([*left, _(say.never)])))


def stated(evidence: Evidence, /) -> str:
    """What the finding rests on and its confidence.

    Empty where nothing was judged, and where signs were seen that the finding does not go by:
    to count them would contradict it.
    """
    words = summary_words()
    tallies = [_tally(evidence, lift) for lift in evidence.tally if lift != STANDING]
    if not tallies or evidence.grade is Finding.INSUFFICIENT:
        return ""
    if evidence.grade is Finding.NONE and any(c.counted for c in evidence.shown):
        return ""
    told = _(words.say.stated).format(
        cues="; ".join(tallies),
        confidence=_(CONFIDENCES[evidence.confidence]),
        lifts=_count(len(evidence.exercises)),
    )
    return full_sentence(told)


def _tally(evidence: Evidence, lift: str) -> str:
    words = summary_words()
    shown, measured = evidence.tally[lift]
    name = lift_name(lift)
    own = next(
        (c for c in evidence.shown if c.exercise == lift and c.counted and not c.cue.whole_set),
        None,
    )
    if own is None:
        return _(words.say.cues).format(shown=shown, measured=measured, lift=name)
    return _(words.say.cues_reps).format(
        shown=shown,
        measured=measured,
        lift=name,
        seen=seen_reps(own),
        reps=own.observation.reps,
    )


def _count(lifts: int) -> str:
    return _(summary_words().say.lifts[lifts - 1])


def seen_reps(cue: CueEvidence, /) -> int:
    """Repetitions that show a cue, rounded (a mean over clips); all for one on the set."""
    return round(cue.observation.persistence * cue.observation.reps)


def agreement(evidence: Evidence, /) -> tuple[str, ...]:
    """Which lifts show signs, and which signs are the same in several of them."""
    shown = [c for c in evidence.shown if c.counted and c.exercise != STANDING]
    lifts = sorted({c.exercise for c in shown})
    if not lifts:
        return ()
    say, names = summary_words().say, [lift_name(lift) for lift in lifts]
    if len(lifts) == 1:
        return (_(say.single).format(lift=names[0]),)
    found = [_(say.several).format(count=_count(len(lifts)), lifts=joined(names))]
    found += [
        _(theme.text)
        for theme in cue_table().theme
        if len({c.exercise for c in shown if c.cue.id in theme.cues}) > 1
    ]
    return tuple(found)


def against(evidence: Evidence, /) -> tuple[str, ...]:
    """What was looked for in rows and pull-ups and not seen, one sentence per lift."""
    say, found = summary_words().say, []
    for lift in pulls():
        clean = [c for c in evidence.cues if c.exercise == lift and c.against > 0 and c.counted]
        if not clean:
            continue
        by_reps: dict[int, list[str]] = {}  # each in the repetitions in which it could be judged
        for c in clean:
            by_reps.setdefault(c.observation.reps, []).append(lower_first(_(c.cue.title)))
        sentence = " ".join(
            _(say.against).format(lift=lift_name(lift), reps=reps, cues=", ".join(cues))
            for reps, cues in by_reps.items()
        )
        easy = not any(c.observation.challenged for c in clean)
        found.append(f"{sentence} {_(say.easy_set)}" if easy else sentence)
    return tuple(found)


def missing(
    evidence: Evidence, sides: Iterable[SideDifference], /, poor: Collection[str] = ()
) -> tuple[str, ...]:
    """What footage would complete the picture, the most telling first.

    Parameters
    ----------
    evidence, sides
        What the clips say.
    poor
        Exercises that were filmed, but too poorly to be relied on.
    """
    say = summary_words().say
    wanted = [
        _(say.too_poor).format(lift=lift_name(lift)) if lift in poor else _(text)
        for lift, text in to_film().items()
        if lift not in evidence.exercises
    ]
    short = [
        lift_name(lift)
        for lift in evidence.exercises
        if max(c.observation.reps for c in evidence.cues if c.exercise == lift) < GOOD_REPS
    ]
    if short:
        wanted.append(_(say.add_reps).format(lifts=joined(short)))
    if all(s.grade is SideGrade.NOT_ASSESSED for s in sides):
        wanted.append(_(say.add_sides))
    return tuple(wanted)


# --- left against right over several clips ---------------------------------------------


@dataclass(frozen=True)
class AgreedSide:
    """A comparison over several clips.

    Attributes
    ----------
    difference
        The clearest of the clips: flagged before level before not assessed, then
        by size against its limit.
    clips, same
        Clips that could be compared, and those flagged to the same side.
    mixed
        Whether another clip is flagged to the other side.
    """

    difference: SideDifference
    clips: int
    same: int
    mixed: bool

    @property
    def usual(self) -> bool:
        """Whether most of the clips that could be compared say so, and none the opposite."""
        return not self.mixed and 2 * self.same > self.clips

    @property
    def note(self) -> str | None:
        """What the other clips say; None when there is no other."""
        say = summary_words().say
        if not self.difference.is_flagged or self.clips < 2:
            return None
        if self.mixed:
            return _(say.sides_mixed)
        return _(say.sides_again).format(count=self.same, clips=self.clips)


def agreed(clips: Iterable[Sequence[SideDifference]], /) -> tuple[AgreedSide, ...]:
    """Left against right over the clips of one lifter, one per variable."""
    by_variable: dict[str, list[SideDifference]] = {}
    for clip in clips:
        for difference in clip:
            by_variable.setdefault(difference.variable.id, []).append(difference)
    return tuple(_agreed(own) for own in by_variable.values())


def _agreed(own: Sequence[SideDifference]) -> AgreedSide:
    order = [SideGrade.NOT_ASSESSED, SideGrade.OK, SideGrade.WATCH, SideGrade.CLEAR].index
    best = max(own, key=lambda d: (order(d.grade), abs(d.value) if d.is_flagged else 0.0))
    flagged = [d for d in own if d.is_flagged]
    return AgreedSide(
        best,
        clips=sum(d.grade is not SideGrade.NOT_ASSESSED for d in own),
        same=sum(d.side == best.side for d in flagged),
        mixed=any(d.side != best.side for d in flagged),
    )
