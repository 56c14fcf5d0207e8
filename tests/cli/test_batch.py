from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from formcheck import load_book
from tests.batch.conftest import short_clips
from tests.conftest import SAMPLES
from tests.helpers.remux import remux
from tests.helpers.trees import tree

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine, Here

__all__ = ["short_clips"]

GOOD = {
    "anna/row_side_good.mp4",
    "anna/squat_side_good.mp4",
    "ben/may/pull_up_back_good.mp4",
    "ben/may/squat_side_lean.mp4",
}
BAD = {"anna/broken.mp4", "empty.mp4"}
FORMCHECK = (sys.executable, "-m", "formcheck")
KILLS = 4
ONE = ("--workers", "1")
"""Each worker takes a second or two to start."""


@pytest.fixture(scope="module")
def undisturbed(
    formcheck: CommandLine,
    short_clips: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Results of a run that nothing disturbed."""
    out = tmp_path_factory.mktemp("results") / "out"
    done = formcheck.run("batch", short_clips, "--out", out, "--by-folder")
    assert done.returncode == 1, done.stderr
    assert {line.partition(" is ")[0] for line in done.stderr.splitlines()} == BAD
    assert "4 clips, 2 files could not be analysed; 4 analysed now." in done.stdout
    return out


def record(out: Path, clip: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "clips" / clip / "record.json").read_text())
    return found


def test_every_clip_has_its_results_and_every_bad_one_its_reason(undisturbed: Path) -> None:
    for clip in GOOD:
        folder = undisturbed / "clips" / clip
        names = {file.name for file in folder.iterdir()}
        assert names == {*record(undisturbed, clip)["files"], "record.json"}
        report = json.loads((folder / "report.json").read_text())
        assert report["video"]["path"].endswith(clip)
        assert all((folder / name).exists() for name in report["files"].values() if name)
    assert "empty" in record(undisturbed, "empty.mp4")["reason"]
    manifest = json.loads((undisturbed / "manifest.json").read_text())
    assert (manifest["done"], manifest["failed"]) == (4, 2)
    assert {c["clip"] for c in manifest["clips"] if c["status"] == "failed"} == BAD
    assert {c["clip"] for c in manifest["clips"]} == GOOD | BAD
    assert {file.name for file in (undisturbed / "athletes").iterdir()} == {"anna", "ben"}


def assert_index_counts(out: Path) -> None:
    """The page tells of as many clips and files as the terminal."""
    page = (out / "index.html").read_text(encoding="utf-8")
    assert '<h1 id="all">4 clips</h1>' in page
    assert "2 files could not be analysed" in page


def times_of(out: Path) -> dict[str, int]:
    return {str(f): f.stat().st_mtime_ns for f in (out / "clips").rglob("*") if f.is_file()}


def test_what_is_done_is_not_done_again(here: Here, short_clips: Path, undisturbed: Path) -> None:
    before = times_of(undisturbed)
    done = here("batch", short_clips, "--out", undisturbed, "--by-folder")
    assert done.returncode == 1
    assert {line.partition(" is ")[0] for line in done.stderr.splitlines()} == BAD
    assert "4 clips, 2 files could not be analysed; everything up to date." in done.stdout
    assert_index_counts(undisturbed)
    assert times_of(undisturbed) == before


def test_killed_at_random_moments_and_resumed_ends_the_same(
    formcheck: CommandLine, here: Here, short_clips: Path, undisturbed: Path, tmp_path: Path
) -> None:
    out, rng = tmp_path / "out", random.Random(7)
    own = ("--history", tmp_path / "history.sqlite")
    for kill in range(KILLS):
        run = subprocess.Popen(
            [*FORMCHECK, "batch", short_clips, "--out", out, "--by-folder", *own],
            env=formcheck.environment() | {"FORMCHECK_CACHE": str(tmp_path / f"cache{kill % 2}")},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(rng.uniform(0.5, 4.5))
        # Half of the time the workers are left alone: they have to notice.
        (os.killpg if kill % 2 else os.kill)(run.pid, signal.SIGKILL)
        run.wait()
    done = here("batch", short_clips, "--out", out, "--by-folder", *own, *ONE)
    assert done.returncode == 1, done.stderr
    assert tree(out) == tree(undisturbed)


def test_changed_rules_score_again_without_tracking(
    here: Here,
    short_clips: Path,
    undisturbed: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out, clip = tmp_path / "out", "ben/may/squat_side_lean.mp4"
    shutil.copytree(undisturbed, out)
    rules = tmp_path / "mine.toml"
    rules.write_text('[change."squat.depth"]\nenabled = false\n')
    monkeypatch.setenv("FORMCHECK_CACHE", str(tmp_path / "empty"))
    done = here("batch", short_clips, "--out", out, "--rules", rules, *ONE)
    assert done.returncode == 1, done.stderr
    old, new = record(undisturbed, clip), record(out, clip)
    assert new["key"] != old["key"]
    track = Path("clips") / clip / "track.npz"
    assert (out / track).read_bytes() == (undisturbed / track).read_bytes()
    assert not (tmp_path / "empty").exists()  # nothing was tracked, so nothing was kept
    report = json.loads((out / "clips" / clip / "report.json").read_text())
    assert report["formcheck"]["rules_sha256"] == load_book(rules).sha256


def test_a_changed_clip_is_done_again_and_a_touched_one_is_not(
    here: Here, short_clips: Path, undisturbed: Path, tmp_path: Path
) -> None:
    clips, out = tmp_path / "clips", tmp_path / "out"
    shutil.copytree(short_clips, clips)
    shutil.copytree(undisturbed, out)
    os.utime(clips / "anna/row_side_good.mp4")
    remux(SAMPLES / "squat_side_lean.mp4", clips / "anna/squat_side_good.mp4", seconds=1.5)
    (clips / "ben/may/squat_side_lean.mp4").write_text("spoilt")
    (clips / "ben/may/pull_up_back_good.mp4").unlink()
    done = here("batch", clips, "--out", out, "--by-folder", *ONE)
    assert done.returncode == 1
    report = Path("clips/anna/row_side_good.mp4/report.json")
    assert (out / report).stat().st_mtime_ns == (undisturbed / report).stat().st_mtime_ns
    changed = "anna/squat_side_good.mp4"
    assert record(out, changed)["sha256"] != record(undisturbed, changed)["sha256"]
    assert record(out, "ben/may/squat_side_lean.mp4")["status"] == "failed"
    spoilt = out / "clips/ben/may/squat_side_lean.mp4"
    assert [file.name for file in spoilt.iterdir()] == ["record.json"]  # no old report stays
    manifest = json.loads((out / "manifest.json").read_text())
    assert "ben/may/pull_up_back_good.mp4" not in {c["clip"] for c in manifest["clips"]}
    assert "Left out: 1 result for clips that no longer exist." in done.stdout
    left = {file.relative_to(out / "athletes").parts[0] for file in out.rglob("profile.html")}
    assert left == {"anna"}  # of ben nothing is left but a failed clip


def test_deleting_an_athlete_leaves_no_trace_in_the_results(
    here: Here, short_clips: Path, undisturbed: Path, tmp_path: Path
) -> None:
    clips, out, db = tmp_path / "clips", tmp_path / "out", tmp_path / "history.sqlite"
    shutil.copytree(short_clips, clips)
    shutil.copytree(undisturbed, out)
    here("batch", clips, "--out", out, "--by-folder", "--history", db)
    assert (out / "athletes" / "ben" / "history.html").is_file()
    assert "ben" in here("history", "--history", db).stdout
    done = here("history", "ben", "--history", db, "--delete", "--yes")
    assert done.returncode == 0, done.stderr
    assert str(out / "summary.csv") in done.stdout
    left = {f.relative_to(out).as_posix(): f.read_bytes() for f in out.rglob("*") if f.is_file()}
    assert not any("ben" in name or b"squat_side_lean" in text for name, text in left.items())
    assert not any("ben" in place.parts for place in out.rglob("*"))
    assert (clips / "ben/may/squat_side_lean.mp4").is_file()  # clips are never touched
    shutil.rmtree(clips / "ben")
    again = here("batch", clips, "--out", out, "--by-folder", "--history", db)
    assert "everything up to date" in again.stdout
    assert "ben" not in here("history", "--history", db).stdout
    anna = {name for name in tree(undisturbed) if name.startswith("athletes/anna")}
    assert {name for name in left if name.startswith("athletes/")} == anna


def test_two_runs_do_not_share_results(formcheck: CommandLine, here: Here, tmp_path: Path) -> None:
    clips, out = tmp_path / "clips", tmp_path / "out"
    clips.mkdir()  # for the lock it is the same whether there is anything to do
    first = formcheck.start("batch", clips, "--out", out, "--watch")
    try:
        wait_for((out / "manifest.json").exists)
        second = here("batch", clips, "--out", out)
        assert second.returncode == 6
        assert "Another batch" in second.stderr
    finally:
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=60)


def limit_files() -> None:
    """Refuse files of more than 20 kB, as a full disk would refuse the rest of one."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def test_results_that_cannot_be_written_end_the_run_and_lose_nothing(
    formcheck: CommandLine, here: Here, short_clips: Path, undisturbed: Path, tmp_path: Path
) -> None:
    out, own = tmp_path / "out", ("--history", tmp_path / "history.sqlite")
    command: list[str | Path] = [sys.executable, "-m", "formcheck", "batch", short_clips]
    command += ["--out", out, "--by-folder", *ONE]
    full = subprocess.run(
        command,
        env=formcheck.environment(),
        preexec_fn=limit_files,
        capture_output=True,
        text=True,
        check=False,
    )
    assert full.returncode == 6
    assert full.stderr.splitlines()[-1].startswith("Cannot write ")
    assert "Traceback" not in full.stderr
    assert here("batch", short_clips, "--out", out, "--by-folder", *own, *ONE).returncode == 1
    assert tree(out) == tree(undisturbed)


def wait_for(condition: Any, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def test_watching_does_new_clips_once_they_are_whole(
    formcheck: CommandLine, tmp_path: Path
) -> None:
    clips, out = tmp_path / "clips", tmp_path / "out"
    clips.mkdir()
    whole = remux(SAMPLES / "row_side_good.mp4", tmp_path / "whole.mp4", seconds=2.0)
    content = whole.read_bytes()
    watcher = formcheck.start("batch", clips, "--out", out, "--watch", "--poll", "1")
    try:
        wait_for((out / "manifest.json").exists)
        with (clips / "row.mp4").open("wb") as file:  # copied slowly, as by a phone
            for start in range(0, len(content), len(content) // 4 + 1):
                file.write(content[start : start + len(content) // 4 + 1])
                file.flush()
                assert not (out / "clips").exists()
                time.sleep(1.0)
        wait_for((out / "clips/row.mp4/record.json").exists)
        assert record(out, "row.mp4")["status"] == "done"
        wait_for(lambda: json.loads((out / "manifest.json").read_text())["done"] == 1)
        Path(os.fsdecode(bytes(clips) + b"/caf\xe9.mp4")).write_bytes(content)
        wait_for(lambda: json.loads((out / "manifest.json").read_text())["unlisted"])
    finally:
        watcher.send_signal(signal.SIGINT)
        _, said = watcher.communicate(timeout=60)
    assert watcher.returncode == 1
    assert "Traceback" not in said
    assert "Looking for new clips every 1 s" in said
    assert said.count("caf\\udce9.mp4: left out") == 1


def test_what_was_done_before_watching_ends_is_in_the_summary(
    formcheck: CommandLine, short_clips: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    watcher = formcheck.start("batch", short_clips, "--out", out, "--watch", "--workers", "1")
    wait_for(lambda: list(out.glob("clips/**/record.json")))
    watcher.send_signal(signal.SIGINT)
    watcher.communicate(timeout=60)
    told = json.loads((out / "manifest.json").read_text())
    assert len(told["clips"]) == told["done_now"] > 0
    assert (out / "index.html").exists()


def test_clips_whose_exercise_is_unknown_are_named(here: Here, tmp_path: Path) -> None:
    for name in "abcdef":
        remux(SAMPLES / "row_side_good.mp4", tmp_path / "clips" / f"{name}.mp4", seconds=1.0)
    done = here("batch", tmp_path / "clips", *ONE)
    assert done.returncode == 0, done.stderr
    told = "Exercise not recognised: 6 clips (a.mp4, b.mp4, c.mp4, d.mp4, e.mp4, ...)."
    assert told in done.stdout.splitlines()


def test_a_folder_without_clips(here: Here, tmp_path: Path) -> None:
    clips = tmp_path / "clips"
    clips.mkdir()
    done = here("batch", clips)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("There are no clips in ")
    assert (tmp_path / "clips_formcheck" / "index.html").exists()


@pytest.mark.parametrize(("folder", "out"), [("a", "a"), ("a/clips", "a"), ("a/clips/may", "a")])
def test_results_do_not_go_among_the_clips(
    here: Here, tmp_path: Path, folder: str, out: str
) -> None:
    (tmp_path / folder).mkdir(parents=True)
    done = here("batch", tmp_path / folder, "--out", tmp_path / out)
    assert done.returncode == 2
    assert "--out: expected a folder other than that of the clips" in done.stderr
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_a_folder_whose_name_cannot_be_written_down(here: Here, tmp_path: Path) -> None:
    clips = Path(os.fsdecode(bytes(tmp_path) + b"/caf\xe9"))
    clips.mkdir()
    done = here("batch", clips)
    assert done.returncode == 2
    assert "FOLDER: expected a name in UTF-8" in done.stderr
    assert list(tmp_path.iterdir()) == [clips]


def test_an_interrupted_run_says_that_it_can_go_on(
    formcheck: CommandLine, short_clips: Path, tmp_path: Path
) -> None:
    run = formcheck.start("batch", short_clips, "--out", tmp_path / "out")
    wait_for((tmp_path / "out" / "clips").exists)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "again to resume" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--workers", "0"], "--workers: expected 1 or more, got 0."),
        (["--timeout", "0"], "--timeout: expected 1 or more seconds, got 0."),
        (["--poll", "inf"], "--poll: expected at most"),
        (["--sample-rate", "1"], "--sample-rate: expected 5 to 120"),
        (["--exercise", "jump"], "--exercise: expected one of squat, "),
        (["--workers", "2", "--dask", "tcp://127.0.0.1:1"], "expected either --workers or --dask"),
        (["--model", "nowhere.task"], "no pose model"),
    ],
)
def test_wrong_options(here: Here, tmp_path: Path, options: list[str], sentence: str) -> None:
    done = here("batch", tmp_path, "--out", tmp_path / "out", *options)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_there(here: Here, tmp_path: Path) -> None:
    done = here("batch", tmp_path / "nowhere")
    assert done.returncode == 3
    assert "does not exist" in done.stderr
    assert list(tmp_path.iterdir()) == []
