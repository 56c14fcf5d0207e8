"""Lines of keys in TOML, against texts written to mislead."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

from formcheck.data_files import line_numbers, line_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from formcheck.data_files import Place

TRICKY = '''\
# [not.a.table] "nor" = a key
top = "a # no comment, [no table], = no pair" # a comment with "quotes

[plain]
key = 1
dotted.inner.most = 2
"quoted key" = 'C:\\no\\escape'   # literal
'literal.key' = "escaped \\" quote, \\\\"
"\\u00e9t\\u00e9" = true

[ change . "squat.depth" ]   # spaces are allowed
limits = { mild = 1, "moderate" = 2, deep.er = [ { a = 1 }, { b = "}" } ] }
message = """
[looks.like] = "a table"
  """""
film = \'\'\'
key = 'it''s'\'\'\'\'
after = 3

[[rule]]
id = "one"
views = [
  "side",   # first ]
  "front",

  ["nested",
   "deep"],
]

[rule.also]
x = 1979-05-27T07:32:00

[[rule]]
id = "two"

[[rule.part]]
n = 1
[[rule.part]]
n = 2
[rule.part.sub]
m = -0.5e3

[plain.late]
done = [
]
empty = {}
'''
LINES: list[tuple[Place, int]] = [
    (("top",), 2),
    (("plain",), 4),
    (("plain", "key"), 5),
    (("plain", "dotted"), 6),
    (("plain", "dotted", "inner", "most"), 6),
    (("plain", "quoted key"), 7),
    (("plain", "literal.key"), 8),
    (("plain", "été"), 9),
    (("change",), 11),
    (("change", "squat.depth"), 11),
    (("change", "squat.depth", "limits", "moderate"), 12),
    (("change", "squat.depth", "limits", "deep", "er", 1, "b"), 12),
    (("change", "squat.depth", "message"), 13),
    (("change", "squat.depth", "film"), 16),
    (("change", "squat.depth", "after"), 18),
    (("rule",), 20),
    (("rule", 0), 20),
    (("rule", 0, "views"), 22),
    (("rule", 0, "views", 0), 23),
    (("rule", 0, "views", 1), 24),
    (("rule", 0, "views", 2), 26),
    (("rule", 0, "views", 2, 1), 27),
    (("rule", 0, "also"), 30),
    (("rule", 0, "also", "x"), 31),
    (("rule", 1), 33),
    (("rule", 1, "id"), 34),
    (("rule", 1, "part", 0, "n"), 37),
    (("rule", 1, "part", 1), 38),
    (("rule", 1, "part", 1, "sub", "m"), 41),
    (("plain", "late"), 43),
    (("plain", "late", "empty"), 46),
]


def places(value: Any, place: Place = ()) -> Iterator[Place]:
    """Every place of a parsed TOML document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in inside:
        yield (*place, key)
        if isinstance(item, dict | list):
            yield from places(item, (*place, key))


@pytest.mark.parametrize(("place", "line"), LINES)
def test_lines(place: Place, line: int) -> None:
    assert line_numbers(TRICKY)[place] == line


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_every_place_is_found_and_no_other(ending: str) -> None:
    text = TRICKY.replace("\n", ending)
    assert set(line_numbers(text)) == set(places(tomllib.loads(text)))
    assert line_numbers(text) == line_numbers(TRICKY)


@pytest.mark.parametrize("place", ["lifts", "upper_back/data"])
def test_every_place_of_the_built_in_files(place: str) -> None:
    files = [
        f for f in (resources.files("formcheck") / place).iterdir() if f.name.endswith(".toml")
    ]
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8")
        found = line_numbers(text)
        assert set(found) == set(places(tomllib.loads(text))), file.name
        for at, line in found.items():
            if isinstance(at[-1], str):
                assert at[-1] in text.splitlines()[line - 1], (file.name, at)


def test_a_header_that_comes_after_its_own_part() -> None:
    lines = line_numbers("[a.b]\nx = 1\n[a]\ny = 2\n")
    assert lines[("a",)] == 3
    assert lines[("a", "b")] == 1


@pytest.mark.parametrize("text", ["", "\n\n# only a comment", "a = 1", "a = [1, 2,]", "a = ''"])
def test_short_texts(text: str) -> None:
    assert set(line_numbers(text)) == set(places(tomllib.loads(text)))


def test_what_is_missing_is_looked_for_where_it_should_be() -> None:
    lines = line_numbers("\n[a]\nb = {c = 1}\n")
    assert line_of(lines, ("a", "b", "missing")) == 3
    assert line_of(lines, ("a", "missing")) == 2
    assert line_of(lines, ("missing",)) is None
    assert line_of(lines, ()) is None
