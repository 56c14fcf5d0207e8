"""How hard the first screen of a report page is to read: Flesch and Kincaid's grade.

    python -m benchmarks.reading_age FOLDER

Opens the page of every clip in FOLDER (and its folders) at a phone's size and grades the words
that are seen without scrolling. Needs the packages of ``formcheck[dev]`` and
``pip install textstat==0.7.3``, which counts syllables with hyphenation patterns; later versions
ask for a dictionary from the network.

Sources
-------
J. P. Kincaid and others: Derivation of new readability formulas for Navy enlisted personnel, 1975.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table

from benchmarks.clips import Analyzer
from formcheck import build_report
from formcheck.errors import FormcheckError
from formcheck.present.page.pdf import find_browser
from formcheck.present.page.render import report_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

PHONE = (390, 844)
"""CSS pixels, as many phones have them."""
GOAL = 8.0
"""Words for the public are often asked to stay at or below this grade."""
SEEN = """() => {
  const words = [];
  for (const one of document.body.querySelectorAll(
      "h1, h2, h3, p, li, dt, dd, th, td, summary, figcaption")) {
    const box = one.getBoundingClientRect();
    const inside = box.width > 1 && box.height > 1 && box.top < innerHeight && box.bottom > 0;
    if (inside && one.checkVisibility() && !one.querySelector("p, li, h1, h2, h3"))
      words.push(one.innerText.trim());
  }
  return words.filter(Boolean);
}"""


def first_screen(page: Page, html: str, /) -> str:
    """What is read without scrolling; what has no full stop is a sentence of its own."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(html, encoding="utf-8")
        page.goto(file.as_uri())
        pieces = page.evaluate(SEEN)
    return " ".join(piece if piece[-1] in ".!?" else f"{piece}." for piece in pieces)


def grades(folder: Path, analyze: Analyzer) -> Iterator[tuple[str, float]]:
    """Clip and grade; clips without a report are left out."""
    import textstat  # noqa: PLC0415 - nothing else needs it

    files = sorted(file for file in folder.rglob("*") if file.suffix in (".mp4", ".mov", ".webm"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser())
        page = browser.new_page(viewport={"width": PHONE[0], "height": PHONE[1]})
        for file in files:
            try:
                clip = analyze(file)
            except FormcheckError:
                continue
            words = first_screen(page, report_page(build_report(clip), clip))
            yield file.name, textstat.flesch_kincaid_grade(words)
        browser.close()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    found = list(grades(parser.parse_args().folder, Analyzer()))
    table = Table("Clip", "Grade", title=f"Flesch-Kincaid grade of the first screen, {PHONE} px")
    for name, grade in sorted(found, key=lambda one: -one[1]):
        table.add_row(name, f"{grade:.1f}")
    Console().print(table)
    values = [grade for _, grade in found]
    fine = sum(value <= GOAL for value in values)
    Console().print(
        f"median {median(values):.1f}, highest {max(values):.1f}; "
        f"{fine} of {len(values)} at grade {GOAL:.0f} or below"
    )


if __name__ == "__main__":
    main()
