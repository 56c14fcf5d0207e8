"""What ``docs/rules.md`` says about the score and about the user's file holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from formcheck import load_book
from formcheck.errors import RuleError
from formcheck.rules.book import built_in_book
from formcheck.rules.evaluate import grade, score, severity_share
from formcheck.rules.schema import Change, Rule
from formcheck.rules.verdicts import SetCheck

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
BLOCKS: list[str] = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
GOOD = [block for block in BLOCKS if "mild = 20" not in block]
REFUSED = [block for block in BLOCKS if "mild = 20" in block]


def rows() -> list[dict[str, str]]:
    head, _, *lines = [line for line in PAGE.splitlines() if line.startswith("|")]
    return [dict(zip(cells(head), cells(line), strict=True)) for line in lines]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def judged(row: dict[str, str], *, critical: bool) -> SetCheck:
    rule = Rule.model_validate(
        {
            "id": f"squat.{row['rule']}",
            "title": row["rule"],
            "measurement": row["rule"],
            "better": row["better"],
            "limits": {name: float(row[name]) for name in ("mild", "moderate", "severe")},
            "weight": float(row["weight"]),
            "critical": critical,
            "message": "",
            "source": "",
            "evidence": "J",
        }
    )
    value = float(row["value"])
    severity = grade(value, rule.limits, rule.better)
    return SetCheck(rule, severity, value, 0.0, "", (1,), 1, None)


def test_the_worked_score() -> None:
    checks = [judged(row, critical=row["rule"] == "depth") for row in rows()]
    for check, row in zip(checks, rows(), strict=True):
        share = severity_share(check.value, check.rule.limits, check.rule.better)
        assert share == pytest.approx(float(row["share"]))
        assert 25 * check.rule.weight * share == pytest.approx(float(row["cost"]))
    (said,) = re.findall(r"so the score is ([\d.]+\d)\.", PAGE)
    assert score(checks) == float(said)


def test_no_score_without_a_critical_rule() -> None:
    assert score([judged(row, critical=False) for row in rows()]) is None


def test_the_examples_load_together(tmp_path: Path) -> None:
    files = []
    for number, block in enumerate(GOOD):
        files.append(tmp_path / f"{number}.toml")
        files[-1].write_text(block, encoding="utf-8")
    book = load_book(files)
    assert len(GOOD) == 2
    assert book.rule("squat.depth").limits.mild == 0
    assert {r.id for r in book.off} - {r.id for r in built_in_book().off} == {"squat.tempo"}
    assert book.rule("squat.tall_start") in book.rules["squat"].rule
    assert book.rule("squat.tall_start").evidence == "own"


def test_the_refusal_reads_as_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (block,) = REFUSED
    Path("coach.toml").write_text(block, encoding="utf-8")
    (sentence,) = re.findall(r"```text\n(.*)\n```", PAGE)
    with pytest.raises(RuleError) as caught:
        load_book("coach.toml")
    assert str(caught.value) == sentence


def test_every_key_of_a_change_is_named() -> None:
    assert all(f"`{name}`" in PAGE for name in Change.model_fields)
