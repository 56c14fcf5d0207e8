from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
import typer
from rich.console import Console

from formcheck.cli import progress
from formcheck.cli.failures import plain_failures
from formcheck.cli.progress import TrackingProgress
from formcheck.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable


def ended(error: Exception, *, debug: bool = False) -> int:
    with pytest.raises(typer.Exit) as caught, plain_failures(debug=debug):
        raise error
    return caught.value.exit_code


def test_known_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(OutputError("Cannot write.")) == 6
    assert capsys.readouterr().err == "Cannot write.\n"


def test_unexpected_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(ValueError("two\nlines")) == 1
    expected = "formcheck failed (ValueError: two lines); --debug shows where.\n"
    assert capsys.readouterr().err == expected


def test_debug(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(ValueError("odd"), debug=True) == 1
    assert "Traceback" in capsys.readouterr().err


def test_exit_codes_pass() -> None:
    assert ended(typer.Exit(5)) == 5


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], str]:
    monkeypatch.setattr(progress, "PATIENCE_S", 0.0)

    def draw(terminal: bool) -> str:
        screen = io.StringIO()
        with TrackingProgress(Console(file=screen, force_terminal=terminal, width=80)) as bar:
            for done_s in (0.0, 5.0, 10.0, 1.0, 20.0):
                bar(done_s, 20.0)
        return screen.getvalue()

    return draw


def test_progress_in_a_terminal(drawn: Callable[[bool], str]) -> None:
    shown = drawn(True)
    assert progress.SECOND_PASS in shown
    assert "100%" in shown


def test_no_progress_elsewhere(drawn: Callable[[bool], str]) -> None:
    assert drawn(False) == ""
