"""The upper-back part of the report, and the profile, as read in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from formcheck.present.counting import count_of
from formcheck.present.terminal import INDENT, heading, line
from formcheck.upper_back.summary import summary_words
from formcheck.words.language import _, plural
from formcheck.words.severity import FAULTS, grade_words
from formcheck.words.terms import THIS_WEEK, filmed
from formcheck.words.text import in_small

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from formcheck.report.model import (
        CuePart,
        Profile,
        ProfileClip,
        ProfileLift,
        SidesPart,
        UpperBackPart,
    )


def upper_back_lines(
    finding: UpperBackPart, /, film_first: Sequence[str] = ()
) -> Iterator[RenderableType]:
    """The finding of one clip, and what helps; `film_first` is what to film before the rest."""
    yield heading(_("Upper back"))
    yield from _finding(finding)
    for cue in finding.cues:
        yield line(f"{cue.title} ({grade_words(cue.severity)}): {cue.message}")
        yield line(_other_causes(cue))
    yield from _balance(finding)
    yield from posture_lines(finding)
    yield from _this_week(finding)
    yield from _film_next(finding, film_first)


def _finding(finding: UpperBackPart) -> Iterator[RenderableType]:
    yield line(finding.answer)
    for sentence in finding.looked_at:
        yield line(sentence)


def _other_causes(cue: CuePart) -> str:
    causes = ", ".join(cue.other_explanations)
    return _("Other possible causes: {causes}.").format(causes=causes)


def _alternative(finding: UpperBackPart) -> Iterator[RenderableType]:
    if finding.leading_alternative is not None and finding.cues:
        yield line(_("Most likely alternative: {cause}.").format(cause=finding.leading_alternative))


def _balance(finding: UpperBackPart) -> Iterator[RenderableType]:
    sides, upper_lower = finding.balance.left_right, finding.balance.upper_lower
    if sides is not None:
        yield heading(_("Left against right"))
        yield from _sides(sides)
    if upper_lower is not None:
        yield heading(_("Upper against lower back"))
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
    yield heading(_("Standing still"))
    shown = [c.message for c in posture.checks if c.severity in FAULTS]
    for message in shown or [_(summary_words().say.posture_level)]:
        yield line(message)
    yield line(posture.note)


def _this_week(finding: UpperBackPart) -> Iterator[RenderableType]:
    things = [advice for advice in finding.advice if advice.kind != "filming"]
    if things:
        yield heading(_(THIS_WEEK))
    for number, advice in enumerate(things, 1):
        dose = f" ({advice.dose})" if advice.dose else ""
        how = advice.cues[:1]
        yield line(f"{number}. {advice.name}{dose}: {' '.join([advice.why, *how])}")


def _film_next(finding: UpperBackPart, first: Sequence[str] = ()) -> Iterator[RenderableType]:
    for advice in finding.advice:
        if advice.kind == "filming":
            yield heading(advice.name)
            for told in (*first, advice.why):
                yield line(told)


# --- several clips ----------------------------------------------------------------------


def profile_lines(profile: Profile, /) -> RenderableType:
    """What to print for several clips of one lifter."""
    finding = profile.upper_back
    parts: list[RenderableType] = [heading(_("Clips"))]
    parts += [line(_clip(clip)) for clip in profile.clips]
    parts += [line(words) for words in profile.left_out]
    parts += [heading(_("Upper back")), *_finding(finding)]
    for lift in profile.lifts:
        parts += _lift(lift, finding)
    parts += _alternative(finding)
    parts += _section(_("Across lifts"), profile.agreement)
    parts += _section(_("Evidence against it"), profile.against)
    parts += _balance(finding)
    parts += _section(_("Still missing"), profile.missing)
    parts += _this_week(finding)
    parts += [line(words) for words in finding.routine]
    parts += _film_next(finding)
    return Group(*parts, Text(f"\n{finding.disclaimer}", style="dim"))


def _clip(clip: ProfileClip) -> str:
    return _("{path}: {lift}, filmed {view}, {reps}").format(
        path=clip.path, lift=in_small(clip.title), view=filmed(clip.view), reps=count_of(clip)
    )


def _lift(lift: ProfileLift, finding: UpperBackPart) -> Iterator[RenderableType]:
    """A lift's signs, each with what else would look the same."""
    if not lift.cues:
        return
    messages = {cue.id: cue for cue in finding.cues}
    yield line(f"{lift.name[:1].upper()}{lift.name[1:]}:")
    for cue in lift.cues:
        words = messages[cue.id]
        when = (
            _("(over the set, {grade}.)")
            if cue.seen is None
            else plural(
                "(clear in {seen} of {n} rep, {grade}.)",
                "(clear in {seen} of {n} reps, {grade}.)",
                cue.reps,
            )
        ).format(seen=cue.seen, n=cue.reps, grade=grade_words(cue.severity))
        yield line(" ".join([words.message, when, _other_causes(words)]), 2 * INDENT)


def _section(title: str, sentences: Sequence[str]) -> list[RenderableType]:
    return [heading(title), *(line(s) for s in sentences)] if sentences else []
