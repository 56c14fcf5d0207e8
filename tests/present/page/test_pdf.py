"""The sheet to hand out, printed by a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from formcheck.errors import UsageError
from formcheck.present.page import pdf
from formcheck.present.page.pdf import Paper, find_browser, one_sheet, paper_of, printed
from formcheck.present.page.render import report_page

if TYPE_CHECKING:
    from tests.present.page.conftest import Written

SIZES = {Paper.A4: (595, 842), Paper.LETTER: (612, 792)}
"""Points."""


@pytest.mark.parametrize("paper", Paper)
def test_one_sheet_of_the_paper(written: Written, paper: Paper) -> None:
    sheet = printed(report_page(written.report, written.clip, paper=paper), find_browser())
    assert sheet.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", sheet)) == 1
    (box,) = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", sheet)
    assert tuple(round(float(side)) for side in box) == SIZES[paper]


@pytest.mark.parametrize("fits", [True, False])
def test_what_does_not_fit_is_printed_smaller(
    fits: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[str] = []

    def print_pages(page: str, _browser: str) -> bytes:
        tried.append(page)
        return b"/Type /Page\n" * (1 if fits or len(tried) > 2 else 2)

    monkeypatch.setattr(pdf, "printed", print_pages)
    assert one_sheet(lambda zoom: f"{zoom:g}", "browser") == b"/Type /Page\n"
    assert tried == [f"{zoom:g}" for zoom in pdf.SMALLER[: 1 if fits else 3]]


def test_the_sheet_has_no_script_and_no_video(written: Written) -> None:
    page = report_page(written.report, written.clip, paper=Paper.A4)
    assert "<video" not in page
    assert "<script>" not in page


def test_paper_that_is_not_known() -> None:
    assert paper_of("Letter") is Paper.LETTER
    with pytest.raises(UsageError, match="--paper: expected a4 or letter, got 'a5'"):
        paper_of("a5")
