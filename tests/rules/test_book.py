"""The rule book with the user's files: what changes, and what stays."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formcheck import analyze_track, load_book
from formcheck.errors import RuleError
from formcheck.present.terminal.rules import EVIDENCE, evidence_words, export_text, rule_rows
from formcheck.rules.book import Origin, built_in_book
from formcheck.words.severity import Severity
from tests.helpers.skeleton import even_set, squat, with_noise

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.analysis import Analysis
    from formcheck.rules.book import RuleBook
    from formcheck.rules.schema import Rule

    Book = Callable[..., RuleBook]

RULES = [rule for name, _ in built_in_book().headings() for rule in built_in_book().rules_of(name)]
FILES = [
    Path(f.name).stem
    for f in resources.files("formcheck.lifts").iterdir()
    if f.name.endswith(".toml")
]
EVERY = [rule for name in sorted(FILES) for rule in built_in_book().rules_of(name)]
"""Also of what is no exercise."""
SHALLOW_LIMITS = """
[change."squat.depth"]
limits = { mild = -40, moderate = -30, severe = -20 }
message = "Sit on your heels."
"""


OFF = {rule.id for rule in built_in_book().off}
"""What footage showed cannot be judged: off unless a user switches it on."""


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Loads the given texts, in order."""

    def load(*texts: str) -> RuleBook:
        files = [tmp_path / f"{number}.toml" for number in range(len(texts))]
        for file, text in zip(files, texts, strict=True):
            file.write_text(text, encoding="utf-8")
        return load_book(files)

    return load


def verdict(analysis: Analysis, rule: str) -> Severity:
    return next(c.severity for c in analysis.checks if c.rule.id == rule)


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.id)
def test_every_rule_names_source_and_evidence(rule: Rule) -> None:
    assert rule.source.strip()
    tags = rule.evidence.split("+")
    for tag in tags:
        assert re.fullmatch(r"V\d+|[SDJ]", tag), rule.evidence
        assert tag[0] in EVIDENCE
        assert evidence_words(tag) != tag


def test_without_files_it_is_the_built_in_book() -> None:
    assert load_book([]) is built_in_book()
    assert {rule.id for rule in built_in_book().off} == {r.id for r in RULES if r.off} == OFF
    assert all(built_in_book().origin(rule) is Origin.BUILT_IN for rule in RULES)


def test_changed_limits_change_the_verdict(book: Book) -> None:
    track = with_noise(squat(even_set(3)), 1.0)
    changed = book(SHALLOW_LIMITS)
    before, after = analyze_track(track), analyze_track(track, book=changed)
    assert verdict(before, "squat.depth") is Severity.OK
    assert verdict(after, "squat.depth") is Severity.SEVERE
    assert before.score is not None
    assert after.score is not None
    assert after.score == pytest.approx(before.score - 25.0)
    assert changed.rule("squat.depth").message == "Sit on your heels."
    assert changed.rule("squat.depth").title == built_in_book().rule("squat.depth").title
    assert changed.origin(changed.rule("squat.depth")) is Origin.CHANGED


def test_a_rule_that_is_off_gives_no_verdict(book: Book) -> None:
    off = book('[change."squat.depth"]\nenabled = false\n')
    found = analyze_track(with_noise(squat(even_set(3)), 1.0), book=off)
    assert "squat.depth" not in [c.rule.id for c in found.checks]
    assert {rule.id for rule in off.off} == {*OFF, "squat.depth"}
    assert "squat.depth" not in [rule.id for rule in off.rules["squat"].rule]
    assert "squat.depth" in [rule.id for rule in off.rules_of("squat")]
    assert off.rule("squat.depth") == built_in_book().rule("squat.depth")


def test_an_own_rule_on_an_own_measurement(book: Book) -> None:
    own = book("""
[[measurement]]
exercise = "squat"
name = "bottom_knee"
title = "Knee flexion at the bottom"
unit = "deg"
feature = { series = "knee_flexion", stat = "at_turn" }

[[rule]]
id = "squat.knee_bend"
title = "Knee bend"
measurement = "bottom_knee"
better = "low"
limits = { mild = 60, moderate = 70, severe = 80 }
message = "Bend your knees less."
""")
    found = analyze_track(with_noise(squat(even_set(3)), 1.0), book=own)
    (check,) = [c for c in found.checks if c.rule.id == "squat.knee_bend"]
    assert check.value == pytest.approx(120.0, abs=3.0)
    assert check.severity is Severity.SEVERE
    assert own.origin(check.rule) is Origin.OWN
    assert own.rules["squat"].rule[-1] == check.rule


@pytest.mark.parametrize("rule", sorted(OFF))
def test_a_rule_that_is_off_as_it_comes_can_be_switched_on(book: Book, rule: str) -> None:
    on = book(f'[change."{rule}"]\nenabled = true\n')
    exercise = rule.partition(".")[0]
    assert rule in [r.id for r in on.rules[exercise].rule]
    assert rule not in [r.id for r in built_in_book().rules[exercise].rule]
    assert dict(rule_rows(built_in_book(), on.rule(rule)))["Why off"]


def test_later_files_win(book: Book) -> None:
    first = '[change."squat.depth"]\nweight = 0.1\ntitle = "First"\n'
    second = '[change."squat.depth"]\nweight = 0.2\n'
    rule = book(first, second).rule("squat.depth")
    assert (rule.weight, rule.title) == (0.2, "First")
    assert book(second, first).rule("squat.depth").weight == 0.1


def test_only_enabled_switches(book: Book) -> None:
    off, title, on = (
        f'[change."squat.depth"]\n{line}\n'
        for line in ("enabled = false", 'title = "Deep"', "enabled = true")
    )
    assert "squat.depth" in {rule.id for rule in book(off, title).off}
    assert {rule.id for rule in book(off, title, on).off} == OFF


def test_a_later_file_changes_an_own_rule(book: Book) -> None:
    own = """
[[rule]]
id = "squat.slow"
title = "Slow"
measurement = "descent_s"
better = "low"
limits = { mild = 4, moderate = 5, severe = 6 }
message = "Faster."
"""
    found = book(own, '[change."squat.slow"]\nmessage = "Quicker."\n')
    assert found.rule("squat.slow").message == "Quicker."
    assert found.origin(found.rule("squat.slow")) is Origin.OWN


def test_the_fingerprint_follows_the_files(book: Book) -> None:
    one, two = '[change."squat.depth"]\nweight = 0.1\n', '[change."squat.tempo"]\nweight = 0.1\n'
    prints = [b.sha256 for b in (built_in_book(), book(one), book(one + "#"), book(one, two))]
    prints += [book(two, one).sha256]
    assert len(set(prints)) == len(prints)
    assert book(one).sha256 == book(one).sha256
    assert all(re.fullmatch(r"[0-9a-f]{64}", found) for found in prints)


@pytest.mark.parametrize("exercise", [None, *(e.id for e in built_in_book().exercises)])
def test_an_exported_file_gives_the_same_book(book: Book, exercise: str | None) -> None:
    text = export_text(built_in_book(), exercise)
    again = book(text)
    assert dict(again.rules) == dict(built_in_book().rules)
    assert again.exercises == built_in_book().exercises
    assert again.off == built_in_book().off
    assert not again.origins
    chosen = [rule for rule in RULES if exercise in (None, rule.id.partition(".")[0])]
    assert text.count("\n[change.") == len(chosen)


def test_an_exported_file_holds_every_value(book: Book) -> None:
    text = export_text(built_in_book())
    for old, new in (
        ("weight = 1.0", "weight = 0.9"),
        ("critical = true", "critical = false"),
        ("enabled = true", "enabled = false"),
        ("min_reps = 1\n", "min_reps = 2\n"),
    ):
        assert book(text.replace(old, new, 1)).rules["squat"] != built_in_book().rules["squat"]


def test_an_export_of_odd_text(book: Book) -> None:
    odd = 'say "\\\\ \\"up\\"" # ü\\t\\n\\u007f'.replace('"\\\\', "\\\\").replace('" #', " #")
    changed = book(f'[change."squat.depth"]\nmessage = "{odd}"\nenabled = false\n')
    again = book(export_text(changed))
    assert again.rule("squat.depth") == changed.rule("squat.depth")
    assert {rule.id for rule in again.off} == {*OFF, "squat.depth"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_can_be_explained(rule: Rule) -> None:
    said = dict(rule_rows(built_in_book(), rule))
    assert all(said.values())
    assert said["Message"] == rule.message
    assert f"{rule.limits.severe:g}" in said["Limits"]


@pytest.mark.parametrize("rule", [r for r in RULES if r.also is not None], ids=lambda r: r.id)
def test_a_second_condition_is_told(rule: Rule) -> None:
    assert rule.also is not None
    said = dict(rule_rows(built_in_book(), rule))["And also"]
    assert f"{rule.also.limits.mild:g}" in said
    assert said in export_text(built_in_book())


def test_what_a_fault_costs() -> None:
    said = dict(rule_rows(built_in_book(), built_in_book().rule("squat.depth")))
    limits = built_in_book().rule("squat.depth").limits
    assert said["Costs"] == (
        f"nothing at {limits.mild:g}, 8.5 at {limits.moderate:g}, 16.8 at {limits.severe:g}, "
        f"at most 25.0 points at {2 * limits.severe - limits.moderate:g} and beyond"
    )


@pytest.mark.parametrize(("name", "hint"), [("squat.dept", "'squat.depth'"), ("x", "rules list")])
def test_no_such_rule(name: str, hint: str) -> None:
    with pytest.raises(RuleError, match=hint):
        built_in_book().rule(name)


def test_no_such_exercise_names_the_own_one(book: Book) -> None:
    with pytest.raises(RuleError, match="squat, bent_over_row"):
        book(SHALLOW_LIMITS).exercise("press")
