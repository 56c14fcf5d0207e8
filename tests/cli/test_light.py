"""Commands that need no clip: quick, and without the heavy libraries."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formcheck import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.cli.conftest import CommandLine, Here

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("ai_edge_litert", "av", "cv2", "matplotlib", "mediapipe", "numpy", "scipy")


def seconds_of_children() -> float:
    """Processor time of the processes that have ended: it does not grow while others work."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_help_is_quick(formcheck: CommandLine) -> None:
    begun_s = seconds_of_children()
    done = formcheck.run("--help")
    assert seconds_of_children() - begun_s < 1.0  # 0.2 s
    assert done.returncode == 0
    assert "analyze" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--help"], [*HEAVY, "pydantic_core"]),
        (["analyze", "--help"], HEAVY),  # typer itself reads options with pydantic
    ],
)
def test_help_imports_nothing_heavy(arguments: list[str], heavy: Sequence[str]) -> None:
    code = f"""
import sys
from formcheck.cli.app import app
try:
    app({arguments})
except SystemExit:
    pass
print([name for name in {heavy} if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_version(formcheck: CommandLine) -> None:
    assert formcheck.run("--version").stdout == f"formcheck {__version__}\n"


def test_exercises_are_listed(formcheck: CommandLine) -> None:
    lines = formcheck.run("exercises").stdout.splitlines()
    assert {line.split()[0] for line in lines} >= {"squat", "bent_over_row", "pull_up"}


def test_the_column_of_exercises_is_as_wide_as_the_longest(here: Here, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "adding-an-exercise.md").read_text(encoding="utf-8")
    own = (
        page.split("```toml\n")[1]
        .split("```")[0]
        .replace("landmine_press", "standing_" * 3 + "press")
    )
    file = tmp_path / "own.toml"
    file.write_text(own, encoding="utf-8")
    lines = here("exercises", "--rules", file).stdout.splitlines()
    longest = max(lines, key=lambda line: len(line.split()[0])).split()[0]
    assert longest.startswith("standing_")
    titles = {line[len(longest) + 2 :] for line in lines}
    assert {"Squat", "Bent-over row", "Landmine press"} <= titles


@pytest.mark.parametrize(
    ("arguments", "suggested"),
    [
        (["analyse", "squat.mp4"], "Did you mean 'analyze'?"),
        (["rules", "lst"], "Did you mean 'list'?"),
        (["my squat.mp4", "--quiet"], "Did you mean: formcheck analyze 'my squat.mp4' --quiet"),
        ([Path(__file__).parent], f"Did you mean: formcheck batch {Path(__file__).parent}"),
    ],
)
def test_what_is_no_command_is_met_with_one(
    here: Here, arguments: list[str | Path], suggested: str
) -> None:
    done = here(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].endswith(suggested)


def test_a_shell_completes_commands_and_options(
    formcheck: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_FORMCHECK_COMPLETE", "complete_bash")
    wanted = {
        "formcheck comp": ["compare"],
        "formcheck batch --po": ["--poll"],
        "formcheck squat.mp4 --o": [],
    }
    for words, found in wanted.items():
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
        done = formcheck.run()
        assert (done.stdout.split(), done.stderr) == (found, "")


def test_schema_names_what_the_contract_names(here: Here) -> None:
    schema = json.loads(here("schema").stdout)
    assert set(schema["required"]) >= {
        *("formcheck", "video", "tracking", "view", "exercise", "reps", "rep_count", "checks"),
        *("score", "upper_back", "warnings", "files"),
    }
    assert schema["properties"]["schema_version"]["const"] == "1.0"


def test_cache_commands(formcheck: CommandLine, tmp_path: Path) -> None:
    own = type(formcheck)(tmp_path)
    (tmp_path / "old.npz").write_bytes(bytes(2_000_000))
    assert own.run("cache", "path").stdout == f"{tmp_path}\n"
    assert own.run("cache", "size").stdout == "2.0 MB\n"
    assert own.run("cache", "clear").stdout == "1 track deleted\n"
    assert list(tmp_path.iterdir()) == []
