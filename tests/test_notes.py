"""A coach's notes: found beside clips, text alone, of a length that a page holds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from formcheck.errors import UsageError
from formcheck.notes import MOST_CHARACTERS, NO_NOTES, Notes, checked_note, notes_beside
from formcheck.present.page.notes import note_html

if TYPE_CHECKING:
    from pathlib import Path


def test_a_note_is_of_a_clip_or_of_its_folder(tmp_path: Path) -> None:
    clip = tmp_path / "squat.mp4"
    assert notes_beside(clip) == NO_NOTES
    (tmp_path / "notes.md").write_text("Sore knee.\n", encoding="utf-8")
    (tmp_path / "squat.mp4.notes.md").write_text("\ufeffNew shoes.\n", encoding="utf-8")
    assert notes_beside(clip) == Notes("New shoes.", "Sore knee.")
    assert notes_beside(tmp_path / "row.mp4") == Notes("", "Sore knee.")
    assert notes_beside(clip, "Belt.") == Notes("Belt.", "Sore knee.")  # said goes before the file


def test_what_is_no_text_is_left_out() -> None:
    bad = "a\x1b[31mb\u202ec\x00d\u2066e\ud800"
    assert checked_note(bad, "note") == "a[31mbcde"
    assert checked_note("👩‍🏫 سلام", "note") == "👩‍🏫 سلام"


def test_what_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    clip, file = tmp_path / "squat.mp4", tmp_path / "notes.md"
    file.write_text("x" * MOST_CHARACTERS)
    assert len(notes_beside(clip).folder) == MOST_CHARACTERS
    file.write_text("x" * (MOST_CHARACTERS + 1))
    with pytest.raises(UsageError, match=r"notes\.md: expected at most 4000 characters, got 4001"):
        notes_beside(clip)
    file.write_bytes(b"\xff\xd8\xff")
    with pytest.raises(UsageError, match=r"notes\.md: expected text in UTF-8\.$"):
        notes_beside(clip)
    file.unlink()
    file.mkdir()
    with pytest.raises(UsageError, match=r"^Cannot read .*notes\.md: is a directory"):
        notes_beside(clip)
    os.mkfifo(tmp_path / "row.mp4.notes.md")
    with pytest.raises(UsageError, match="it is not a file"):
        notes_beside(tmp_path / "row.mp4")


def test_plain_markdown_is_shown() -> None:
    html = note_html("# Week 3\n\nKeep *tight*,\nbrace.\n\n- one\n- **two**\n\n1. first\n")
    assert html == (
        '<p class="note-heading">Week 3</p>\n<p>Keep <em>tight</em>,<br>\nbrace.</p>\n'
        "<ul>\n<li>one</li>\n<li><strong>two</strong></li>\n</ul>\n<ol>\n<li>first</li>\n</ol>\n"
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[here](javascript:alert(1))",
        "![pixel](https://example.org/pixel.png)",
        "<https://example.org>",
        "https://example.org",
        "[a]: https://example.org\n\n[a]",
        "{{ 7 * 7 }}{% raw %}",
        "`<b>` &lt;b&gt; \\<b\\>",
        "# <b onclick=alert(1)>",
    ],
)
def test_nothing_runs_and_nothing_is_asked_for(hostile: str) -> None:
    html = note_html(hostile)
    tags = {piece.partition(">")[0].split(" ")[0] for piece in html.split("<")[1:]}
    assert tags <= {"p", "/p", "code", "/code", "br"}
    assert "href" not in html
    assert " src=" not in html.replace("&lt;img src=", "")


def test_a_note_that_nests_deeply_ends() -> None:
    assert len(note_html("> " * 1000 + "x")) < 100_000
    assert len(note_html("- " * 1000 + "x")) < 100_000


def test_a_huge_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    with (tmp_path / "notes.md").open("wb") as huge:
        huge.truncate(1 << 36)
    with pytest.raises(UsageError, match=r"notes\.md: expected at most 4000 characters"):
        notes_beside(tmp_path / "squat.mp4")
