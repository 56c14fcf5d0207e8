"""A page printed to PDF by the browser that is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.errors import MissingLibraryError, OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable


class Paper(StrEnum):
    """Sizes of paper."""

    A4 = "a4"
    LETTER = "letter"

    @property
    def scale(self) -> float:
        """How large the sheet is laid out: letter is shorter than A4, 279 by 297 mm."""
        return 0.92 if self is Paper.LETTER else 1.0


BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
"""Browsers that print from the command line, by name or place."""
QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
)
"""The page asks nothing of the network; the browser itself is told not to, either."""
LONGEST_S = 90.0


def paper_of(name: str, /) -> Paper:
    """A size of paper by its name.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    try:
        return Paper(name.lower())
    except ValueError:
        raise UsageError(f"--paper: expected {' or '.join(Paper)}, got {name!r}.") from None


def find_browser() -> str:
    """Path of a browser that can print.

    Raises
    ------
    MissingLibraryError
        If none is installed.
    """
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise MissingLibraryError(
            "A PDF needs a browser to print with: expected Chromium, Chrome or Edge, found none. "
            "Without --pdf, report.html can be opened and printed."
        )
    return found


SMALLER = (1.0, 0.93, 0.86, 0.8, 0.74)
"""How much smaller a sheet that does not fit is tried: other languages need more room."""
PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")


def one_sheet(page_at: Callable[[float], str], browser: str, /) -> bytes:
    """A page as PDF, as large as fits on one sheet.

    Parameters
    ----------
    page_at
        Gives the page by how much smaller it is laid out, 1 for its own size.
    browser
        Path of the browser (`find_browser`).

    Raises
    ------
    OutputError
        If the browser does not print it.
    """
    sheet = b""
    for zoom in SMALLER:
        sheet = printed(page_at(zoom), browser)
        if len(PAGE.findall(sheet)) <= 1:
            break
    return sheet


def printed(page: str, browser: str, /) -> bytes:
    """A page as PDF.

    Parameters
    ----------
    page
        HTML; its style says how large the paper is.
    browser
        Path of the browser (`find_browser`).

    Raises
    ------
    OutputError
        If the browser does not print it.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(page, encoding="utf-8")
        # Chromium's sandbox refuses to run as root; the page is our own and has no address to ask.
        sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        command = [
            browser,
            *QUIET,
            *sandbox,
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={target}",
            source.as_uri(),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=LONGEST_S)
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise OutputError(f"{Path(browser).name} did not print the page.") from error
