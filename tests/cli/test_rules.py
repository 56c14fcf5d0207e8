"""``formcheck rules`` and ``--rules``, from the outside."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formcheck.cli.app import app
from formcheck.kinematics.series import SERIES
from formcheck.report.model import Profile, Report
from formcheck.rules.book import built_in_book, load_book
from formcheck.rules.computed import COMPUTED

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import CommandLine, Here

    Run = Callable[..., tuple[int, str, str]]

ROOT = Path(__file__).resolve().parents[2]
DEEPER = """\
[change."squat.depth"]
title = "Sit low"
limits = { mild = -40, moderate = -30, severe = -20 }

[change."squat.tempo"]
enabled = false
"""
WRONG = '[change."squat.depth"]\nlimits = { mild = 20, moderate = 10, severe = 5 }\n'
SENTENCE = (
    'line 2: change."squat.depth".limits: limits must rise from mild to severe, got 20, 10, 5.'
)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs formcheck in this process; gives exit code, standard output and error."""

    def run_here(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as caught:
            app([*map(str, arguments)])
        printed, error = capfd.readouterr()
        assert "Traceback" not in error
        return int(str(caught.value.code or 0)), printed, error

    return run_here


@pytest.fixture
def deeper(tmp_path: Path) -> Path:
    file = tmp_path / "deeper.toml"
    file.write_text(DEEPER, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def landmine_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = (ROOT / "docs" / "adding-an-exercise.md").read_text(encoding="utf-8")
    file = tmp_path_factory.mktemp("own") / "landmine.toml"
    file.write_text(page.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    return file


def listed(printed: str) -> dict[str, list[str]]:
    """Rule to the cells of its line."""
    _, *lines = printed.splitlines()
    return {line.split()[0]: re.split(r"  +", line.strip()) for line in lines}


def test_list(run: Run) -> None:
    code, printed, error = run("rules", "list")
    assert (code, error) == (0, "")
    rows = listed(printed)
    book = built_in_book()
    assert list(rows) == [rule.id for name, _ in book.headings() for rule in book.rules_of(name)]
    assert {name for name, row in rows.items() if row[-2] == "off"} == {r.id for r in book.off}
    rule = built_in_book().rule("squat.depth")
    limits = " / ".join(f"{value:g}" for _, value in rule.limits)
    views = ", ".join(rule.views)
    assert rows["squat.depth"] == [
        *("squat.depth", rule.title, rule.measurement, "deg", limits, views, "on", "built-in")
    ]
    assert rows["pull_up.range_loss"][3] == "ratio"


def test_list_of_one_exercise_with_own_rules(run: Run, deeper: Path, landmine_file: Path) -> None:
    rows = listed(run("rules", "list", "squat", "--rules", deeper)[1])
    assert all(name.startswith("squat.") for name in rows)
    assert rows["squat.depth"][1] == "Sit low"
    assert rows["squat.depth"][-2:] == ["on", "changed"]
    assert rows["squat.tempo"][-2:] == ["off", "built-in"]
    rows = listed(run("rules", "list", "landmine_press", "--rules", landmine_file)[1])
    assert rows["landmine_press.lockout"][-1] == "own"


def test_list_on_a_narrow_terminal(formcheck: CommandLine) -> None:
    done = formcheck.run("rules", "list", "squat")
    assert done.returncode == 0
    assert "squat.depth  " in done.stdout


def test_show(run: Run, deeper: Path) -> None:
    code, printed, error = run("rules", "show", "squat.depth", "--rules", deeper)
    assert (code, error) == (0, "")
    said = " ".join(printed.split())
    rule = built_in_book().rule("squat.depth")
    for words in ("Sit low", "on, changed", "mild above -40 deg", rule.message, rule.film):
        assert words in said
    assert " ".join(rule.source.split()) in said
    assert "off, built-in" in run("rules", "show", "squat.tempo", "--rules", deeper)[1]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("squat.tempo", "Time down (eccentric) (descent_s), in seconds: more is better"),
        ("squat.tempo", "Filmed from any view How to film any view works"),
        (
            "squat.depth",
            "from the side or at about 45 degrees How to film film from the side",
        ),
        ("squat.lean_growth", "in degrees: change from your first reps to your last"),
        ("pull_up.range_loss", "in arm lengths (range): share lost from your first reps to"),
        ("pull_up.speed_loss", "(concentric_speed): share lost from your best rep to your last"),
    ],
)
def test_show_says_what_is_measured(run: Run, rule: str, words: str) -> None:
    assert words in " ".join(run("rules", "show", rule)[1].split())


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("show", "squat.dept"), "'squat.depth'"),
        (("list", "bench"), "squat, bent_over_row"),
        (("export", "bench"), "squat, bent_over_row"),
        (("check", "gone.toml"), "gone.toml"),
    ],
)
def test_what_there_is_not(run: Run, arguments: tuple[str, ...], hint: str) -> None:
    code, printed, error = run("rules", *arguments)
    assert (code, printed) == (2, "")
    assert hint in error
    assert error.endswith(".\n")
    assert error.count("\n") == 1


def test_export_and_back(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "coach.toml"
    assert run("rules", "export", "squat", "-o", file) == (0, f"Written: {file}\n", "")
    assert run("rules", "check", file) == (0, "ok: 0 rules changed, 0 added\n", "")
    assert load_book(file).rules == built_in_book().rules
    assert run("rules", "export", "squat")[1] == file.read_text(encoding="utf-8")


def test_export_overwrites_nothing(run: Run, deeper: Path) -> None:
    code, printed, error = run("rules", "export", "-o", deeper)
    assert (code, printed) == (6, "")
    assert "is there already" in error
    assert deeper.read_text(encoding="utf-8") == DEEPER


def test_export_below_a_file(run: Run, deeper: Path) -> None:
    code, _, error = run("rules", "export", "-o", deeper / "coach.toml")
    assert code == 6
    assert "is not a folder" in error


def test_check(run: Run, deeper: Path, landmine_file: Path) -> None:
    code, printed, _ = run("rules", "check", deeper)
    assert (code, printed) == (0, "ok: 1 rule changed, 0 added, 1 switched off\n")
    printed = run("rules", "check", deeper, landmine_file)[1]
    assert printed == (
        "ok: 1 rule changed, 4 added, 1 switched off, 4 measurements added, 1 exercise added\n"
    )


def test_check_refuses(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "coach.toml"
    file.write_text(WRONG, encoding="utf-8")
    assert run("rules", "check", file) == (2, "", f"{file}, {SENTENCE}\n")


def test_series(run: Run) -> None:
    code, printed, _ = run("rules", "series")
    assert code == 0
    lines = {line.split()[0]: line for line in printed.splitlines() if line.strip()}
    for name, info in SERIES.items():
        assert info.unit in lines[name]
        assert info.meaning in lines[name]
    for name, formula in COMPUTED.items():
        assert formula.meaning in lines[name]


@pytest.mark.parametrize("command", ["list", "show", "export", "check", "series"])
def test_every_command_has_help(run: Run, command: str) -> None:
    code, printed, _ = run("rules", command, "--help")
    assert code == 0
    assert command in run("rules", "--help")[1]
    assert len(printed.splitlines()) > 4


def test_exercises_with_an_own_one(run: Run, landmine_file: Path) -> None:
    names = [line.split()[0] for line in run("exercises", "--rules", landmine_file)[1].splitlines()]
    assert "landmine_press" in names
    assert "squat" in names


def test_analyze_judges_by_the_rules_given(
    here: Here, squat_clip: Path, deeper: Path, tmp_path: Path
) -> None:
    plain, own = tmp_path / "plain", tmp_path / "own"
    assert here("analyze", squat_clip, "--out", plain).returncode == 0
    done = here("analyze", squat_clip, "--out", own, "--rules", deeper)
    assert done.returncode == 0, done.stderr
    assert "Sit low (severe)" in done.stdout
    before, after = (
        Report.model_validate_json((folder / "report.json").read_text()) for folder in (plain, own)
    )
    assert before.formcheck.rules_sha256 == built_in_book().sha256
    assert after.formcheck.rules_sha256 == load_book(deeper).sha256
    checks = {check.rule: check for check in after.checks}
    assert checks["squat.depth"].severity == "severe"
    assert "squat.tempo" in {check.rule for check in before.checks}
    assert "squat.tempo" not in checks


def test_analyze_as_an_own_exercise(
    here: Here, squat_clip: Path, landmine_file: Path, tmp_path: Path
) -> None:
    options = ("--out", tmp_path, "--json", "-", "--rules", landmine_file)
    done = here("analyze", squat_clip, *options)
    assert json.loads(done.stdout)["exercise"]["id"] == "squat"
    candidates = {c["id"] for c in json.loads(done.stdout)["exercise"]["candidates"]}
    assert "landmine_press" in candidates
    done = here("analyze", squat_clip, *options, "--exercise", "landmine_press")
    assert done.returncode == 0, done.stderr
    report = Report.model_validate_json(done.stdout)
    assert (report.exercise.id, report.exercise.title) == ("landmine_press", "Landmine press")
    assert report.rep_count == 0
    assert report.score is None


def test_profile_judges_clips_by_the_rules_given(
    here: Here, squat_clip: Path, tmp_path: Path
) -> None:
    scores = []
    half = tmp_path / "half.toml"
    half.write_text(DEEPER + '[change."squat.lean"]\nweight = 0.5\n', encoding="utf-8")
    for number, options in enumerate([(), ("--rules", half)]):
        out = tmp_path / f"{number}.json"
        done = here("profile", squat_clip, "--out", out, *options)
        assert done.returncode == 0, done.stderr
        (clip,) = Profile.model_validate_json(out.read_bytes()).clips
        scores.append(clip.score)
    assert scores[0] is not None
    assert scores[1] == pytest.approx(scores[0] - 25.0)


@pytest.mark.parametrize("command", ["analyze", "profile"])
def test_a_wrong_file_is_refused_before_decoding(
    run: Run, command: str, tmp_path: Path, deeper: Path
) -> None:
    file = tmp_path / "coach.toml"
    file.write_text(WRONG, encoding="utf-8")
    out = tmp_path / "out"
    options = ("--out", out, "--rules", deeper, "--rules", file)
    code, printed, error = run(command, tmp_path / "gone.mp4", *options)
    assert (code, printed, error) == (2, "", f"{file}, {SENTENCE}\n")
    assert not out.exists()
