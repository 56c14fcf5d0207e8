"""Progress is for terminals."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from formcheck.cli import screen
from formcheck.cli.screen import TrackingProgress

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], str]:
    monkeypatch.setattr(screen, "PATIENCE_S", 0.0)

    def draw(terminal: bool) -> str:
        drawing = io.StringIO()
        with TrackingProgress(Console(file=drawing, force_terminal=terminal, width=80)) as bar:
            for done_s in (0.0, 5.0, 10.0, 1.0, 20.0):
                bar(done_s, 20.0)
        return drawing.getvalue()

    return draw


def test_progress_in_a_terminal(drawn: Callable[[bool], str]) -> None:
    shown = drawn(True)
    assert screen.SECOND_PASS in shown
    assert "100%" in shown


def test_no_progress_elsewhere(drawn: Callable[[bool], str]) -> None:
    assert drawn(False) == ""
