"""The upper-back part of the report, and the profile, as read in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from formcheck.present.counting import count_of
from formcheck.present.terminal import INDENT, heading, line
from formcheck.upper_back.summary import summary_words
from formcheck.words.severity import FAULTS
from formcheck.words.terms import THIS_WEEK, filmed
from formcheck.words.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from formcheck.report.model import (
        Profile,
        ProfileClip,
        ProfileLift,
        SidesPart,
        UpperBackPart,
    )


def upper_back_lines(finding: UpperBackPart, /) -> Iterator[RenderableType]:
    """The finding of one clip, and what helps."""
    yield heading("Upper back")
    yield from _finding(finding)
    for cue in finding.cues:
        yield line(f"{cue.title} ({cue.severity}): {cue.message}")
        yield line(f"Other possible causes: {', '.join(cue.other_explanations)}.")
    yield from _alternative(finding)
    yield from _balance(finding)
    yield from posture_lines(finding)
    yield from _this_week(finding)
    yield from _film_next(finding)


def _finding(finding: UpperBackPart) -> Iterator[RenderableType]:
    yield line(finding.answer)
    for sentence in finding.looked_at:
        yield line(sentence)
    if finding.stated:
        yield line(f"In numbers: {finding.stated}")


def _alternative(finding: UpperBackPart) -> Iterator[RenderableType]:
    if finding.leading_alternative is not None and finding.cues:
        yield line(f"Most likely alternative: {finding.leading_alternative}.")


def _balance(finding: UpperBackPart) -> Iterator[RenderableType]:
    sides, upper_lower = finding.balance.left_right, finding.balance.upper_lower
    if sides is not None:
        yield heading("Left against right")
        yield from _sides(sides)
    if upper_lower is not None:
        yield heading("Upper against lower back")
        yield line(str(upper_lower["message"]))


def _sides(sides: SidesPart) -> Iterator[RenderableType]:
    for part in sides.variables:
        if part.message is not None:
            yield line(part.message if part.note is None else f"{part.message} {part.note}")
    if sides.summary is not None:
        yield line(sides.summary)


def posture_lines(finding: UpperBackPart, /) -> Iterator[RenderableType]:
    """How the lifter stands; nothing where no clip shows it."""
    posture = finding.posture
    if posture is None or not posture.checks:
        return
    yield heading("Standing still")
    shown = [c.message for c in posture.checks if c.severity in FAULTS]
    for message in shown or [summary_words().say.posture_level]:
        yield line(message)
    yield line(posture.note)


def _this_week(finding: UpperBackPart) -> Iterator[RenderableType]:
    things = [advice for advice in finding.advice if advice.kind != "filming"]
    if things:
        yield heading(THIS_WEEK)
    for number, advice in enumerate(things, 1):
        dose = f" ({advice.dose})" if advice.dose else ""
        how = advice.cues[:1]
        yield line(f"{number}. {advice.name}{dose}: {' '.join([advice.why, *how])}")


def _film_next(finding: UpperBackPart) -> Iterator[RenderableType]:
    for advice in finding.advice:
        if advice.kind == "filming":
            yield heading(advice.name)
            yield line(advice.why)


# --- several clips ----------------------------------------------------------------------


def profile_lines(profile: Profile, /) -> RenderableType:
    """What to print for several clips of one lifter."""
    finding = profile.upper_back
    parts: list[RenderableType] = [heading("Clips")]
    parts += [line(_clip(clip)) for clip in profile.clips]
    parts += [line(words) for words in profile.left_out]
    parts += [heading("Upper back"), *_finding(finding)]
    for lift in profile.lifts:
        parts += _lift(lift, finding)
    parts += _alternative(finding)
    parts += _section("Across lifts", profile.agreement)
    parts += _section("Evidence against it", profile.against)
    parts += _balance(finding)
    parts += _section("Still missing", profile.missing)
    parts += _this_week(finding)
    parts += [line(words) for words in finding.routine]
    parts += _film_next(finding)
    return Group(*parts, Text(f"\n{finding.disclaimer}", style="dim"))


def _clip(clip: ProfileClip) -> str:
    return f"{clip.path}: {clip.title.lower()}, filmed {filmed(clip.view)}, {count_of(clip)}"


def _lift(lift: ProfileLift, finding: UpperBackPart) -> Iterator[RenderableType]:
    """A lift's signs, each with what else would look the same."""
    if not lift.cues:
        return
    messages = {cue.id: cue for cue in finding.cues}
    yield line(f"{lift.name[:1].upper()}{lift.name[1:]}:")
    for cue in lift.cues:
        words = messages[cue.id]
        when = (
            "over the set"
            if cue.seen is None
            else f"clear in {cue.seen} of {counted(cue.reps, 'rep')}"
        )
        yield line(
            f"{words.message} ({when}, {cue.severity}.) "
            f"Other possible causes: {', '.join(words.other_explanations)}.",
            2 * INDENT,
        )


def _section(title: str, sentences: Sequence[str]) -> list[RenderableType]:
    return [heading(title), *(line(s) for s in sentences)] if sentences else []
