"""What code, data and docs cite as "reference 3.1" or V1 is in docs/reference.md or sources.md.

The tables of limits and weights in docs/reference.md are held against the files too.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from formcheck.upper_back.cues import Hypothesis, cue_table
from formcheck.upper_back.library import library

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
SOURCES = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")

PLACE = r"(?:A\d{1,2}|\d{1,2}(?:\.\d{1,2})?|[Aa]ppendix [AB])(?![\w%])"
CITED = r"\b[Rr]eference(?:\.md(?:\)|`+)?)?,? (?:sections? |formulas? )?"
CITATION = re.compile(rf"{CITED}({PLACE}(?:(?:, | and | to ){PLACE})*)")
BARE_FORMULA = re.compile(r"\((A\d{1,2})\b")
"""A formula in brackets, as in "shoulder lag (A17)"."""
SOURCE = re.compile(r"\bV\d{1,2}[a-g]?\b")
NOT_CITED = {"test_reference.py"}


def cited_places(text: str) -> set[str]:
    """Sections and formulas that a text cites: "3.1", "A18", "Appendix A"."""
    flat = re.sub(r"\s*\n\s*(?:#\s*)?", " ", text)
    lists = " ".join(found[1] for found in CITATION.finditer(flat))
    places = {place[0].upper() + place[1:] for place in re.findall(PLACE, lists)}
    return places | set(BARE_FORMULA.findall(flat))


def headings(page: str) -> dict[str, str]:
    """The number of each heading to the text below it, headings below it included."""
    found = list(re.finditer(rf"^(#+) ({PLACE}) .*$", page, re.MULTILINE))
    sections = {}
    for place, head in enumerate(found):
        deeper = found[place + 1 :]
        after = next((h.start() for h in deeper if len(h[1]) <= len(head[1])), len(page))
        sections[head[2]] = page[head.end() : after].strip()
    return sections


def listed_sources(page: str) -> set[str]:
    """The numbers in the first column of the table of sources."""
    known: set[str] = set()
    for line in page.splitlines():
        if not re.match(r"\| V\d", line):
            continue
        cell = line.split("|")[1]
        known |= set(SOURCE.findall(cell))
        for number, first, last in re.findall(r"(V\d+)([a-z]) to ([a-z])", cell):
            known |= {number} | {number + chr(c) for c in range(ord(first), ord(last) + 1)}
    return known


def citing_files() -> Iterator[Path]:
    yield from (ROOT / "README.md", ROOT / "CONTRIBUTING.md")
    for folder in ("formcheck", "docs", "tests"):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in {".py", ".toml", ".md"} and file.name not in NOT_CITED:
                yield file


def citations(wanted: str) -> dict[str, set[str]]:
    """What is cited ("places" or "sources") to the files that cite it."""
    where: dict[str, set[str]] = {}
    for file in citing_files():
        text = file.read_text(encoding="utf-8")
        for one in cited_places(text) if wanted == "places" else SOURCE.findall(text):
            where.setdefault(one, set()).add(str(file.relative_to(ROOT)))
    return where


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("from a study (reference 3.1, own derivation)", {"3.1"}),
        ("reference 3.1 and 5.3", {"3.1", "5.3"}),
        ("(reference A16, 3.2)", {"A16", "3.2"}),
        ("upright (reference 4.1\nand 4.2)", {"4.1", "4.2"}),
        ("# as in reference\n# 2.4.", {"2.4"}),
        ("Reference A20: 0.55 in a smooth repetition", {"A20"}),
        ("section 4.1 of x; docs/reference.md, section 3.5", {"3.5"}),
        ("reference, appendix A", {"Appendix A"}),
        ("shoulder lag (A17).", {"A17"}),
        ("the references 3.1 apart; reference values 0.20; reference_shin 30", set()),
    ],
)
def test_citations_are_found(text: str, places: set[str]) -> None:
    assert cited_places(text) == places


def test_every_cited_section_exists() -> None:
    cited = citations("places")
    assert {"1.1", "3.1", "4.4", "5.3", "7", "A10", "A18"} <= set(cited)
    missing = {place: where for place, where in cited.items() if place not in headings(REFERENCE)}
    assert not missing


def test_no_section_is_empty() -> None:
    assert [number for number, text in headings(REFERENCE).items() if len(text) < 40] == []


def test_every_cited_source_is_listed() -> None:
    cited = citations("sources")
    assert len(cited) > 50
    known = listed_sources(SOURCES)
    assert {number: where for number, where in cited.items() if number not in known} == {}


def test_a_missing_section_or_source_would_be_seen() -> None:
    gone = headings(REFERENCE.replace("### 3.1 ", "### ").replace("#### A18 ", "#### "))
    assert set(headings(REFERENCE)) - set(gone) == {"3.1", "A18"}
    assert listed_sources(SOURCES) - listed_sources(SOURCES.replace("| V1 |", "| |")) == {"V1"}
    assert {"V39", "V39a", "V39g", "V20"} <= listed_sources(SOURCES)


def table_rows(section: str) -> Iterator[list[str]]:
    for line in headings(REFERENCE)[section].splitlines():
        if line.startswith("|"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def rules_of_files() -> dict[str, dict[str, Any]]:
    """Every built-in rule by identifier, those that are off included."""
    files = sorted((ROOT / "formcheck" / "lifts").glob("*.toml"))
    read = [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]
    return {rule["id"]: rule for data in read for rule in data["rule"]}


def test_limits_are_those_of_the_rule_files() -> None:
    rules = rules_of_files()
    shown = {}
    for section in ("3.2", "3.3", "3.4", "3.5", "4.2"):
        for name, limits, *_, ground in table_rows(section):
            if name.startswith("`"):
                shown[name.strip("`")] = ([float(n) for n in limits.split(", ")], "Off" in ground)
    wanted = {
        name: ([float(rule["limits"][g]) for g in ("mild", "moderate", "severe")], "off" in rule)
        for name, rule in rules.items()
    }
    assert shown == wanted


def test_cues_are_those_of_the_table() -> None:
    table = cue_table()
    shown = {}
    for name, group, weight, shares, rules, _ in table_rows("4.1"):
        if name in table.cues:
            fed = tuple(re.findall(r"`([\w.]+)`", rules))
            shown[name] = (group, float(weight), [int(n) for n in shares.split()], fed)
    assert shown == {
        cue.id: (
            cue.group,
            cue.weight,
            [round(100 * cue.shares.of(h)) for h in Hypothesis],
            cue.rules,
        )
        for cue in table.cue
    }


def test_groups_have_the_caps_of_the_page() -> None:
    (caps,) = re.findall(r"Caps of the groups.*?:(.*?)\.\s", REFERENCE + "\n", re.DOTALL)
    shown = {name: float(cap) for name, cap in re.findall(r"(\w\d) (\d+\.\d+)", caps)}
    assert shown == {group.id: group.cap for group in cue_table().group}


def test_sides_have_the_limits_of_the_table() -> None:
    shown = [tuple(map(float, row[1:])) for row in table_rows("4.4") if row[1][0].isdigit()]
    assert shown == [(side.watch, side.clear) for side in cue_table().side]


def test_every_plan_that_cites_the_table_of_plans_is_in_it() -> None:
    listed = {name for row in table_rows("5.3") for name in re.findall(r"`(\w+)`", row[0])}
    assert {plan.id for plan in library().plan if "5.3" in plan.source} == listed
