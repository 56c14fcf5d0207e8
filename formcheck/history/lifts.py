"""Which clips of an athlete can be compared, and what is measured in them.

Only like is compared with like: one exercise, one told place of the bar (which tells the
variant), one class of views (the landmarks' offsets differ between views), one pose model and one
version of formcheck.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formcheck.analysis import UNKNOWN
from formcheck.compare.curves import set_median
from formcheck.history.trend import Session
from formcheck.kinematics.view import ViewLabel
from formcheck.rules.book import built_in_book

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from formcheck.history.clip import Clip, Verdict

UNCLEAR = "unknown"
"""Class of a view that was not recognised."""


@dataclass(frozen=True)
class LiftKey:
    """What clips must share to be compared.

    `variant` is that of all clips in which one was recognised, None where they differ: what was
    only seen is not sure enough to tell sets apart.
    """

    exercise: str
    variant: str | None
    bar: str | None
    view_class: str


@dataclass(frozen=True)
class Lift:
    """Comparable clips, the earliest first, and those that are left out.

    `outdated` were measured by another model or version of formcheck than the latest.
    """

    key: LiftKey
    clips: tuple[Clip, ...]
    outdated: tuple[Clip, ...]


@dataclass(frozen=True)
class Series:
    """One measurement over the clips of a lift.

    Attributes
    ----------
    name
        Of the measurement, or of the rule for a change over the set.
    heading, unit
        In few words, and the unit of its values.
    rule
        Verdict of the latest clip, for direction and limits; None when no rule judges
        the value itself.
    clips, sessions
        The clips that have a value, and it for each.
    """

    name: str
    heading: str
    unit: str
    rule: Verdict | None
    clips: tuple[Clip, ...]
    sessions: tuple[Session, ...]


def comparable_lifts(clips: Sequence[Clip], /) -> tuple[Lift, ...]:
    """Groups of comparable clips, that with the latest clip first.

    Clips whose exercise is unknown are in none.
    """
    ordered = sorted(
        (clip for clip in clips if clip.facts.exercise != UNKNOWN),
        key=lambda clip: clip.recorded.moment,
    )
    groups: dict[tuple[str, str | None, str], list[Clip]] = {}
    for clip in ordered:
        groups.setdefault(_base(clip), []).append(clip)
    lifts = [_lift(_key(own), own) for own in groups.values()]
    return tuple(sorted(lifts, key=lambda lift: lift.clips[-1].recorded.moment, reverse=True))


def _key(clips: Sequence[Clip]) -> LiftKey:
    variants = {clip.facts.variant for clip in clips} - {None}
    exercise, bar, view = _base(clips[0])
    return LiftKey(exercise, variants.pop() if len(variants) == 1 else None, bar, view)


def _base(clip: Clip) -> tuple[str, str | None, str]:
    return clip.facts.exercise, clip.facts.bar, view_class(clip.facts.view)


def view_class(label: str, /) -> str:
    """Views that rules treat alike: "side", "oblique", "front" (or back), or unknown."""
    return ViewLabel(label).group or UNCLEAR


def _lift(key: LiftKey, clips: list[Clip]) -> Lift:
    def made(clip: Clip) -> tuple[str, str]:
        return clip.facts.model_sha256, clip.facts.formcheck

    now = made(clips[-1])
    return Lift(
        key,
        tuple(clip for clip in clips if made(clip) == now),
        tuple(clip for clip in clips if made(clip) != now),
    )


def judged_series(lift: Lift, /) -> list[Series]:
    """What the rules judge from this view, in the order of the rule file.

    A rule on single repetitions gives its measurement with direction and limits; a
    rule on the set gives the change over the set, and the measurement without them.
    """
    found: dict[str, Series] = {}
    for rule in _rules(lift):
        if rule.over_set is None:
            known = found.get(rule.measurement)
            if known is None or known.rule is None:
                found[rule.measurement] = _measured(lift, rule.measurement, rule.measures, rule)
        else:
            if rule.measurement not in found:
                found[rule.measurement] = _measured(lift, rule.measurement, rule.measures, None)
            found[rule.rule] = _changes(lift, rule)
    return [series for series in found.values() if series.sessions]


def named_series(lift: Lift, name: str, /) -> Series:
    """A measurement that was asked for, whether a rule judges it or not."""
    rule = next((r for r in _rules(lift) if r.measurement == name and r.over_set is None), None)
    return _measured(lift, name, _heading(lift, name), rule)


def _heading(lift: Lift, name: str) -> str:
    """A measurement in few words: the latest that a rule has for it, a user's too.

    Where none judges it, from whatever view, those of formcheck's own measurement.
    """
    for clip in reversed(lift.clips):
        for rule in clip.verdicts:
            if rule.measurement == name:
                return rule.measures
    known = built_in_book().rules.get(lift.key.exercise)
    for what in () if known is None else known.measurement:
        if what.name == name:
            return what.named_short
    return name.replace("_", " ")


def measurement_names(clips: Iterable[Clip], /) -> list[str]:
    """All measurements that the clips have, by name."""
    return sorted({value.name for clip in clips for value in clip.values})


def _rules(lift: Lift) -> list[Verdict]:
    """Rules of the clips that may be judged from this view, the latest clip's words."""
    rules: dict[str, Verdict] = {}
    for clip in reversed(lift.clips):
        for rule in clip.verdicts:
            if lift.key.view_class in rule.views.split(","):
                rules.setdefault(rule.rule, rule)
    return list(rules.values())


def _measured(lift: Lift, name: str, heading: str, rule: Verdict | None) -> Series:
    """Median of each clip's repetitions."""

    def session(clip: Clip, unit: str) -> Session | None:
        own = [v for v in clip.values if v.name == name and v.usable and v.unit == unit]
        value, error = set_median([v.value or 0.0 for v in own], [v.error or 0.0 for v in own])
        return _session(clip, value, error, rule)

    units = [v.unit for clip in lift.clips for v in clip.values if v.name == name]
    unit = units[-1] if units else ""
    return _series(lift, name, heading, unit, rule, lambda clip: session(clip, unit))


def _changes(lift: Lift, rule: Verdict) -> Series:
    """How a measurement changed over each set, as the rule reckons it."""

    def session(clip: Clip) -> Session | None:
        for own in clip.verdicts:
            same = (own.rule, own.unit, own.over_set) == (rule.rule, rule.unit, rule.over_set)
            if same and own.value is not None and own.error:
                return _session(clip, own.value, own.error, rule)
        return None

    return _series(lift, rule.rule, rule.title, rule.unit, rule, session)


def _session(clip: Clip, value: float, error: float, rule: Verdict | None) -> Session | None:
    """A value over time; None where its error says that it is not known.

    It is as large as all of the rule's grades then or, without a rule, as the value.
    """
    most = abs(value) if rule is None else abs(rule.severe - rule.mild)
    return Session(clip.recorded.day, value, error) if 0 < error <= most else None


def _series(
    lift: Lift,
    name: str,
    heading: str,
    unit: str,
    rule: Verdict | None,
    session: Callable[[Clip], Session | None],
) -> Series:
    pairs = [(clip, session(clip)) for clip in lift.clips if clip.reliable]
    known = [(clip, found) for clip, found in pairs if found is not None]
    return Series(
        name,
        heading,
        unit,
        rule,
        tuple(clip for clip, _ in known),
        tuple(found for _, found in known),
    )


def told_weights(lift: Lift, /) -> list[float]:
    """The different weights that were told, kilograms."""
    return sorted({c.facts.load_kg for c in lift.clips if c.facts.load_kg is not None})
