"""Gather the messages of formcheck and bring the languages' files up to date.

    python -m tools.messages        # every file in formcheck/words/languages
    python -m tools.messages fr     # and begin one for another language

Translations that are there are kept; new messages come without one, and those that are said no
more are taken out. Needs Babel, which comes with formcheck.
"""

from __future__ import annotations

import sys
import tomllib
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from formcheck.compare.curves import plain_title
from formcheck.kinematics.series import SERIES
from formcheck.words.language import FOLDER, SUFFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "formcheck"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "later": None,
    "plural": (1, 2),
    "later_plural": (1, 2),
    "counted": (2, 3),
    "in_context": ((1, "c"), 2),
}
"""The functions that take messages, and which of their arguments are some."""
METHODS = [("**.py", "python"), ("**.jinja", "jinja2.ext:babel_extract")]
WITH_ARTICLE = "with its article"
TEXTS = {
    "title", "short", "message", "film", "unseen", "film_next", "in_words", "reason",
    "text", "looks_at", "other_explanations", "name", "why", "dose", "cues", "technique",
    "called", "again", "whole_set", "other_view", "most_direct", "how", "one_line", "see_someone",
    "ask_first", "pain",
    "warm_up", "upper_back", "lower_back", "upper", "lower", "both", "level",
    "eccentric_phase", "turning_point", "concentric_phase", "body_part",
}  # fmt: skip
"""Keys of data files that readers see; what is in `WHOLE` is seen whatever its key is."""
WHOLE = {"finding", "grade", "say"}
NO_TEXT = {
    "theme": ("cues",),
    "measurement": ("name",),
    "routine": ("only",),
    "plan": ("cues", "faults", "warm_up", "strength"),
}
"""Lists of identifiers among them."""


HEADER = "# The words of formcheck in another language; docs/languages.md says how to change them."
LEFT_OUT = ("Project", "Report", "POT", "PO-", "Last", "Language-Team", "Generated")
"""Headers that say when a file was made, and by whom; the history of the project does."""


def messages() -> Catalog:
    """Every message, with the files that it is in."""
    found = Catalog(fuzzy=False)
    extracted = extract_from_dir(str(HOUSE), METHODS, keywords=KEYWORDS)
    # In the order of the source, which is not that of every file system.
    for file, _line, message, _comments, context in sorted(extracted, key=lambda one: one[:2]):
        found.add(message, locations=[(file, 0)], context=context)
    for path in sorted(HOUSE.rglob("*.toml")):
        place = path.relative_to(HOUSE).as_posix()
        for text, context in texts_of(tomllib.loads(path.read_text(encoding="utf-8"))):
            found.add(text, locations=[(place, 0)], context=context)
    for name, series in SERIES.items():
        if not name.endswith("_3d"):  # its title and meaning are made of those of the other
            place = "kinematics/series"
            found.add(plain_title(name), locations=[(place, 0)])
            found.add(series.meaning, locations=[(place, 0)])
    return found


def texts_of(data: dict[str, Any], place: str = "") -> Iterator[tuple[str, str | None]]:
    """The texts of a data file, each with its context."""
    for key, value in data.items():
        entries = value if isinstance(value, list) else [value]
        for entry in entries:
            if isinstance(entry, dict):
                yield from texts_of(entry, key)
            elif isinstance(entry, str) and _is_text(place, key):
                yield entry, None
                if key == "title" and place in ("exercise", "variant"):
                    yield entry, WITH_ARTICLE


def _is_text(place: str, key: str) -> bool:
    if place in WHOLE:
        return True
    return key in TEXTS and key not in NO_TEXT.get(place, ())


def updated(file: Path, found: Catalog) -> Catalog:
    """A language's file with exactly the messages that there are."""
    with file.open(encoding="utf-8") as given:
        catalog = read_po(given, locale=file.stem)
    catalog.update(found, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.header_comment = HEADER
    return catalog


def write(catalog: Catalog, file: Path) -> None:
    """Write a language's file, so that a change of it is easy to read."""
    made = BytesIO()
    write_po(made, catalog, width=100, include_lineno=False, sort_by_file=True)
    lines = made.getvalue().decode("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(tuple(f'"{name}' for name in LEFT_OUT))]
    file.write_text("".join(kept), encoding="utf-8")


def main() -> None:
    """Bring every file up to date."""
    found = messages()
    for language in sys.argv[1:]:
        new = FOLDER / f"{language}{SUFFIX}"
        if not new.exists():
            write(Catalog(locale=language, project="formcheck", fuzzy=False), new)
    for file in sorted(FOLDER.glob(f"*{SUFFIX}")):
        catalog = updated(file, found)
        write(catalog, file)
        missing = sum(bool(message.id) and not _translated(message.string) for message in catalog)
        print(f"{file.name}: {len(catalog)} messages, {missing} without a translation")


def _translated(said: Any) -> bool:
    return all(said) if isinstance(said, tuple) else bool(said)


if __name__ == "__main__":
    main()
