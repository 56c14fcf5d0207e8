"""Languages: each has every message, and English costs nothing."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po

from formcheck.errors import UsageError
from formcheck.words.language import (
    ENGLISH,
    FOLDER,
    _,
    chosen,
    decimal,
    languages,
    plural,
    speaking,
    spoken,
)
from formcheck.words.terms import OPTIONS, with_options
from formcheck.words.text import amount, joined, some
from tools.messages import messages

if TYPE_CHECKING:
    from babel.messages.catalog import Message

ROOT = Path(__file__).resolve().parents[2]
PLACES = re.compile(r"\{\w*\}")
TRANSLATED = [language for language in languages() if language != ENGLISH]


def forms(said: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [said] if isinstance(said, str) else list(said or [])


def catalog(language: str) -> dict[tuple[str, str | None], Message]:
    with (FOLDER / f"{language}.po").open(encoding="utf-8") as file:
        found = read_po(file, locale=language)
    assert not found.obsolete
    return {(forms(m.id)[0], m.context): m for m in found if m.id}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_and_nothing_else(language: str) -> None:
    """`python -m tools.messages` brings a file up to date; then each new one has to be told."""
    wanted = {(forms(m.id)[0], m.context): m for m in messages() if m.id}
    have = catalog(language)
    assert sorted(wanted.keys() - have.keys(), key=str) == []
    assert sorted(have.keys() - wanted.keys(), key=str) == []
    untold = [key for key, m in have.items() if not forms(m.string) or not all(forms(m.string))]
    assert untold == []
    assert [key for key, m in have.items() if m.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_same_places(language: str) -> None:
    wrong = []
    for entry in catalog(language).values():
        one, *others = forms(entry.id)
        for number, said in enumerate(forms(entry.string)):
            wanted = {*PLACES.findall(others[0] if others and number else one)}
            if others:  # one may be told in words
                wanted |= {*PLACES.findall(others[0])} & {*PLACES.findall(said)}
            if {*PLACES.findall(said)} - {"{n}"} != wanted - {"{n}"}:
                wrong.append((one, said))
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_to_tell_is_told_in_the_same_words(language: str) -> None:
    """A terminal names options in its place (`with_options`), so it has to be found."""
    entries = catalog(language)
    wrong = []
    for tell in OPTIONS:
        own = forms(entries[tell, None].string)[0].lower()
        for (message, _context), entry in entries.items():
            if tell in message.lower():
                wrong += [said for said in forms(entry.string) if own not in said.lower()]
    assert wrong == []


def test_a_language_is_spoken_only_within() -> None:
    with speaking("de"):
        assert (spoken(), _("from the side"), decimal(1.5, 1)) == ("de", "von der Seite", "1,5")
        assert amount(0.128, "ratio") == "13\N{NO-BREAK SPACE}%"
        assert joined(["a", "b", "c"]) == "a, b und c"
        assert some("Squat") == "eine Kniebeuge"
        assert plural("{n} clip", "{n} clips", 2) == "{n} Videos"
        with speaking(ENGLISH):
            assert _("from the side") == "from the side"
        assert with_options("Sag formcheck deine Größe.").startswith("Gib deine Größe mit --height")
    assert (spoken(), _("from the side"), decimal(1.5, 1)) == (ENGLISH, "from the side", "1.5")


def test_what_has_no_translation_stays_as_it_was_written() -> None:
    with speaking("de"):
        assert _("A rule of my own.") == "A rule of my own."
        assert some("Kettlebell swing") == "Kettlebell swing"


def test_how_a_language_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORMCHECK_LANGUAGE", raising=False)
    assert chosen(None) == ENGLISH
    monkeypatch.setenv("FORMCHECK_LANGUAGE", "de_DE.UTF-8")
    assert (chosen(None), chosen("EN")) == ("de", "en")
    with pytest.raises(UsageError, match=r"--language: expected en or de, got 'tlh'\."):
        chosen("tlh")
    monkeypatch.setenv("FORMCHECK_LANGUAGE", "tlh")
    with pytest.raises(UsageError, match="FORMCHECK_LANGUAGE: expected en or de"):
        chosen(None)


def test_english_needs_no_library() -> None:
    code = (
        "import sys, formcheck.cli.analyze, formcheck.present.terminal.report\n"
        "from formcheck.words.text import amount, clock, joined\n"
        "print(amount(1.2, 's'), clock(3.2), joined(['a', 'b']), 'babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1.2 s 0:03.2 a and b False\n"


def test_the_function_that_looks_up_is_never_hidden() -> None:
    """A loop over ``_`` would make every message of its function an error."""
    hidden = []
    for file in sorted((ROOT / "formcheck").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        imported = any(
            isinstance(node, ast.ImportFrom) and "_" in [a.name for a in node.names]
            for node in ast.walk(tree)
        )
        inner = {
            id(name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp)
            for name in ast.walk(node)
        }
        stored = [
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and node.id == "_" and id(node) not in inner
            if isinstance(node.ctx, ast.Store)
        ]
        hidden += [f"{file.name}:{line}" for line in stored if imported]
    assert hidden == []


def test_no_message_is_found_in_two_forms() -> None:
    """A message with a plural and one without are looked up by the same words."""
    found = Counter((forms(m.id)[0], m.context) for m in messages() if m.id)
    assert [key for key, times in found.items() if times > 1] == []
