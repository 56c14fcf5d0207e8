"""The file of the history: exactly once, whatever happens, and gone when deleted."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formcheck.errors import OutputError, UsageError
from formcheck.history import History
from formcheck.history.overview import athlete_history
from formcheck.history.schema import APPLICATION_ID, MIGRATIONS, bring_up_to_date
from formcheck.history.store import default_file
from tests.history.conftest import week

if TYPE_CHECKING:
    from tests.history.conftest import Reports

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "history.sqlite"


def counts(file: Path) -> dict[str, int]:
    with closing(sqlite3.connect(file)) as raw:
        tables = ("athletes", "clips", "measurements", "checks")
        return {t: raw.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables}


def test_what_is_added_comes_back(file: Path, reports: Reports) -> None:
    report = reports.of(1, bar="high", load_kg=80.0, end_s=30.0, start_s=5.0)
    with History(file) as history:
        history.add("Anna", report, week(0), "results/1")
        (clip,) = history.clips("Anna")
    assert (clip.athlete, clip.recorded) == ("Anna", week(0))
    facts = clip.facts
    assert (facts.video_sha256, facts.start_s, facts.end_s) == (f"{1:064x}", 5.0, 30.0)
    assert (facts.bar, facts.load_kg, facts.result) == ("high", 80.0, "results/1")
    assert (facts.score, facts.rep_count, facts.view) == (report.score, 3, "side_left")
    real = {(r.index, n): m for r in report.reps for n, m in r.measurements.items()}
    assert {(v.rep, v.name): (v.value, v.error, v.valid) for v in clip.values} == {
        key: (m.value, m.error, m.valid) for key, m in real.items()
    }
    assert [(v.rule, v.severity, v.value) for v in clip.verdicts] == [
        (c.rule, c.severity, c.value) for c in report.checks
    ]
    assert file.stat().st_mode & 0o077 == 0  # nobody else's business


def test_adding_again_replaces(file: Path, reports: Reports) -> None:
    with History(file) as history:
        history.add("Anna", reports.of(1), week(0), None)
        before = counts(file)
        history.add("Anna", reports.of(1, measured={"trunk_lean_bottom": 77.0}), week(1), None)
        assert counts(file) == before
        (clip,) = history.clips("Anna")
        assert clip.recorded == week(1)
        assert {v.value for v in clip.values if v.name == "trunk_lean_bottom"} == {77.0}
        history.add("Anna", reports.of(1, start_s=2.0), week(0), None)  # another part of it
        history.add("Ben", reports.of(1), week(0), None)
        assert [(a.name, a.clips) for a in history.athletes()] == [("Anna", 2), ("Ben", 1)]


def test_the_list_knows_first_last_and_the_latest_finding(file: Path, reports: Reports) -> None:
    later = reports.of(2)
    back = later.upper_back.model_copy(update={"finding": "watch"})
    with History(file) as history:
        history.add("Anna", later.model_copy(update={"upper_back": back}), week(3), None)
        history.add("Anna", reports.of(1), week(0), None)
        (anna,) = history.athletes()
    assert (anna.first, anna.last) == (week(0).moment, week(3).moment)
    assert (anna.clips, anna.lifts, anna.finding) == (2, ("Squat",), "watch")


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ("Anna", "ANNA "),
        ("José Ñandú", "jose\u0301  n\u0303andu\u0301"),
        ("Straße", "STRASSE"),
        ("李小龍 \N{FLEXED BICEPS}", "李小龍 \N{FLEXED BICEPS}"),
        ("o'Neil; DROP TABLE clips --", "O'NEIL; drop table clips --"),
        ("caf\udce9", "caf\udce9"),
    ],
)
def test_a_name_is_found_however_it_is_written(
    file: Path, reports: Reports, told: str, asked: str
) -> None:
    with History(file) as history:
        history.add(told, reports.of(1), week(0), None)
        history.add(asked, reports.of(2), week(1), None)
        assert len(history.athletes()) == 1
        assert len(history.clips(asked)) == 2


def test_an_unknown_name_gets_those_close_to_it(file: Path, reports: Reports) -> None:
    with History(file) as history:
        with pytest.raises(UsageError, match="the history is empty"):
            history.clips("Anna")
        for number, name in enumerate(("Anna", "Anne", "Bartholomew")):
            history.add(name, reports.of(number), week(0), None)
        with pytest.raises(UsageError, match=r"'anns'; close to it: '(Anna|Anne)', '(Anna|Anne)'"):
            history.clips("anns")
        with pytest.raises(UsageError, match="'Zoe'; known: 'Anna', 'Anne', 'Bartholomew'"):
            history.clips("Zoe")
        with pytest.raises(UsageError, match="nothing but spaces"):
            history.add(" \t", reports.of(1), week(0), None)


def test_rename(file: Path, reports: Reports) -> None:
    with History(file) as history:
        history.add("Ana", reports.of(1), week(0), None)
        history.add("Ben", reports.of(1), week(0), None)
        assert history.rename("ana", "Anna") == "Anna"
        assert history.rename("Anna", "ANNA") == "ANNA"
        with pytest.raises(UsageError, match="already an athlete 'Ben'"):
            history.rename("anna", "ben")
        assert [a.name for a in history.athletes()] == ["ANNA", "Ben"]


# --- versions and files that are something else ---------------------------------------


def test_a_file_of_version_1_is_brought_up_to_date(file: Path, reports: Reports) -> None:
    file.parent.mkdir()
    with closing(sqlite3.connect(file, isolation_level=None)) as raw:
        bring_up_to_date(raw, file, migrations=MIGRATIONS[:1])
        assert raw.execute("PRAGMA user_version").fetchone() == (1,)
        raw.execute("INSERT INTO athletes VALUES (1, 'anna', 'Anna')")
        raw.execute(
            "INSERT INTO clips VALUES (1, 1, '2026-03-02T17:30:00+00:00', 'told', 'abc', 0, NULL, "
            "'squat', 'Squat', NULL, NULL, 'side_left', 91.5, 3, 'none', '0.1.0', 'm', 'r', "
            "'old.mp4', NULL)"
        )
        raw.execute("INSERT INTO measurements VALUES (1, 1, 'full', 'x', 2.5, 'deg', 0.5, 1)")
    with History(file) as history:
        (old,) = history.clips("Anna")
        assert (old.facts.score, old.facts.bar, old.facts.load_kg) == (91.5, None, None)
        assert [(v.name, v.value) for v in old.values] == [("x", 2.5)]
        history.add("Anna", reports.of(1, bar="low"), week(1), None)
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert raw.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert raw.execute("SELECT bar FROM clips ORDER BY id").fetchall() == [(None,), ("low",)]


def test_a_file_of_version_2_knows_no_trust_and_keeps_its_clips_in_the_trends(
    file: Path, reports: Reports
) -> None:
    file.parent.mkdir()
    with closing(sqlite3.connect(file, isolation_level=None)) as raw:
        bring_up_to_date(raw, file, migrations=MIGRATIONS[:2])
        raw.execute("INSERT INTO athletes VALUES (1, 'anna', 'Anna')")
        raw.execute(
            "INSERT INTO clips VALUES (1, 1, '2026-03-02T17:30:00+00:00', 'told', 'abc', 0, NULL, "
            "'squat', 'Squat', NULL, NULL, 'side_left', 91.5, 3, 'none', '0.1.0', 'm', 'r', "
            "'old.mp4', NULL, 'low', 80.0)"
        )
    with History(file) as history:
        history.add("Anna", reports.of(1, trust="poor"), week(1), None)
        old, new = history.clips("Anna")
    assert (old.facts.trust, old.facts.bar, old.facts.load_kg) == (None, "low", 80.0)
    assert (old.facts.count_range, new.facts.count_range) == (None, (3, 3))
    assert new.facts.trust == "poor"
    assert (old.reliable, new.reliable) == (True, False)


def test_a_migration_that_fails_changes_nothing(file: Path) -> None:
    file.parent.mkdir()
    with closing(sqlite3.connect(file, isolation_level=None)) as raw:
        bring_up_to_date(raw, file, migrations=MIGRATIONS[:1])
        broken = (*MIGRATIONS, ("CREATE TABLE more (x)", "NOT SQL"))
        with pytest.raises(sqlite3.OperationalError):
            bring_up_to_date(raw, file, migrations=broken)
        assert raw.execute("PRAGMA user_version").fetchone() == (1,)
    with History(file) as history:
        assert history.athletes() == []


def test_a_file_of_a_newer_formcheck_is_refused(file: Path) -> None:
    with History(file):
        pass
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("PRAGMA user_version = 99")
    before = file.read_bytes()
    with pytest.raises(UsageError, match=r"newer formcheck \(version 99"), History(file):
        pass
    assert file.read_bytes() == before


def test_files_of_something_else_are_refused_and_left_alone(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("a letter to grandma\n" * 100)
    with pytest.raises(UsageError, match="not a history of formcheck, or it is damaged"):
        History(file).__enter__()
    assert file.read_text() == "a letter to grandma\n" * 100
    other = file.with_name("other.sqlite")
    with closing(sqlite3.connect(other)) as raw:
        raw.execute("CREATE TABLE recipes (name)")
    with pytest.raises(UsageError, match="a database, but not a history of formcheck"):
        History(other).__enter__()
    with pytest.raises(OutputError, match="Cannot open the history"):
        History(file / "below.sqlite").__enter__()


def test_reading_leaves_the_file_as_it_is(file: Path, reports: Reports) -> None:
    with History(file) as history:
        history.add("Anna", reports.of(1), week(0))
    with closing(sqlite3.connect(file)) as raw, raw:  # as an older version would have left it
        for column in ("trust", "count_low", "count_high"):
            raw.execute(f"ALTER TABLE clips DROP COLUMN {column}")
        raw.execute("PRAGMA user_version = 2")
    before = file.read_bytes()
    with History(file, read_only=True) as history:
        (clip,) = history.clips("anna")
        assert [athlete.name for athlete in history.athletes()] == ["Anna"]
        with pytest.raises(OutputError, match="readonly"):
            history.add("Ben", reports.of(2), week(1))
    assert (clip.facts.trust, clip.facts.count_range) == (None, None)
    assert file.read_bytes() == before
    assert [place.name for place in file.parent.iterdir()] == [file.name]
    with pytest.raises(OutputError, match="unable to open"), History(file / "x", read_only=True):
        pass


HALF = """
import os, sqlite3, sys
raw = sqlite3.connect(sys.argv[1], isolation_level=None)
raw.execute("PRAGMA cache_size = 1")  # pages are written before the end
raw.execute("BEGIN IMMEDIATE")
raw.execute("UPDATE measurements SET unit = 'a longer word than before'")
raw.execute("UPDATE checks SET unit = 'a longer word than before'")
os._exit(9)
"""
MOUNTED = "mount --bind {0} {0} && mount -o remount,bind,ro {0} && ! touch {0}/x && exec {1}"


@pytest.mark.skipif(
    subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode != 0,
    reason="no mounts here",
)
@pytest.mark.parametrize("half_written", [False, True])
def test_a_history_where_nothing_can_be_written_is_shown(
    file: Path, reports: Reports, half_written: bool
) -> None:
    with History(file) as history:
        history.add("Anna", reports.of(1), week(0))
    if half_written:
        subprocess.run([sys.executable, "-c", HALF, str(file)], check=False)
    command = f"{sys.executable} -m formcheck history --history {file}"
    run = subprocess.run(
        ["unshare", "-rm", "sh", "-c", MOUNTED.format(file.parent, command)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if half_written:
        assert run.returncode == 6
        assert "was left half written" in run.stderr
        with History(file, read_only=True) as history:  # where it can be undone
            assert len(history.clips("Anna")) == 1
        return
    assert run.returncode == 0, run.stderr
    assert "Anna" in run.stdout


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("damage", ["byte", "page", "zeros", "cut"])
def test_a_damaged_file_is_one_sentence(
    file: Path, reports: Reports, damage: str, read_only: bool
) -> None:
    with History(file) as history:
        for number in range(3):
            history.add(f"Anna {number}", reports.of(number), week(number))
    whole, rng = file.read_bytes(), random.Random(1)
    refused = set()
    for _ in range(25):
        data = bytearray(whole)
        at = rng.randrange(len(data))
        if damage == "cut":
            del data[max(1, at) :]
        else:
            size = {"byte": 1, "page": 600, "zeros": 4096}[damage]
            new = bytes(size) if damage == "zeros" else rng.randbytes(size)
            data[at : at + size] = new[: len(data) - at]
        file.write_bytes(data)
        try:
            with History(file, read_only=read_only) as history:
                for athlete in history.athletes():
                    athlete_history(athlete.name, history.clips(athlete.name))
        except UsageError as error:
            refused.add(str(error))
    assert refused == {f"{file} is not a history of formcheck, or it is damaged."}


def test_the_file_is_named_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FORMCHECK_HISTORY", str(tmp_path / "x.db"))
    assert default_file() == tmp_path / "x.db"
    monkeypatch.delenv("FORMCHECK_HISTORY")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_file() == tmp_path / "formcheck" / "history.sqlite"


# --- several processes, and none that survives -----------------------------------------


def test_a_locked_file_is_waited_for_and_then_told(file: Path, reports: Reports) -> None:
    with History(file) as history:
        history.add("Anna", reports.of(1), week(0), None)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        with (
            History(file, wait_s=0.3) as history,
            pytest.raises(OutputError, match=r"being written by another program; waited 0\.3 s"),
        ):
            history.add("Anna", reports.of(2), week(0), None)
        assert time.monotonic() - started >= 0.3
        other.execute("COMMIT")
    with History(file) as history:
        assert len(history.clips("Anna")) == 1


WRITER = """
import sys
from pathlib import Path
from formcheck.history import History, Recorded
from formcheck.report.model import Report
from tests.history.conftest import Reports, week
file, source, who, count = sys.argv[1:]
reports = Reports(Report.model_validate_json(Path(source).read_bytes()))
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(count)):
    with History(file) as history:
        history.add(who, reports.of(number), week(number), None)
    print(number, flush=True)
"""


def writer(file: Path, source: Path, who: str, count: int) -> subprocess.Popen[str]:
    started = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(file), str(source), who, str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert started.stdout is not None
    assert started.stdout.readline() == "ready\n"
    return started


def test_two_processes_add_at_once_to_a_new_file(
    file: Path, tmp_path: Path, reports: Reports
) -> None:
    source = tmp_path / "report.json"
    source.write_text(reports.real.model_dump_json())
    both = [writer(file, source, who, 15) for who in ("Anna", "Ben")]
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in both:
        process.communicate(timeout=60)
        assert process.returncode == 0
    with History(file) as history:
        assert [(a.name, a.clips) for a in history.athletes()] == [("Anna", 15), ("Ben", 15)]


def test_killed_at_any_moment_nothing_is_half_written(
    file: Path, tmp_path: Path, reports: Reports
) -> None:
    """Everything that was said to be added is there, and at most one clip more."""
    source = tmp_path / "report.json"
    source.write_text(reports.real.model_dump_json())
    whole = len([name for rep in reports.real.reps for name in rep.measurements])
    for delay_s in (0.0, 0.017):
        process = writer(file, source, "Anna", 500)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("go\n")
        process.stdin.flush()
        said = int(process.stdout.readline())
        time.sleep(delay_s)
        process.send_signal(signal.SIGKILL)
        rest = process.communicate(timeout=60)[0].split()
        said = int(rest[-1]) if rest else said
        with History(file) as history:
            clips = history.clips("Anna")
        assert len(clips) >= said + 1
        assert {len(clip.values) for clip in clips} == {whole}
        assert {len(clip.verdicts) for clip in clips} == {len(reports.real.checks)}
        with closing(sqlite3.connect(file)) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_nothing_of_a_deleted_athlete_is_left_in_the_files(file: Path, reports: Reports) -> None:
    secret = "Xaverius-Quirinus"
    hint = reports.real.video.model_copy(update={"path": "clips/QUIRK.mp4", "sha256": "feed" * 16})
    traces = [secret, secret.lower(), "QUIRK.mp4", "QUIRKRESULTS", "feed" * 16]
    wanted = [*(trace.encode() for trace in traces), struct.pack(">d", 123.45678)]
    with History(file) as history:
        history.add("Ben", reports.of(7), week(0), None)
        report = reports.of(1, measured={"trunk_lean_bottom": 123.45678})
        history.add(secret, report.model_copy(update={"video": hint}), week(0), "QUIRKRESULTS")
        for number in range(20):
            history.add(secret, reports.of(number + 10), week(number), None)
        assert [trace for trace in wanted if trace not in file.read_bytes()] == []
        assert history.delete("xaverius-QUIRINUS") == 21
        left = b"".join(path.read_bytes() for path in file.parent.iterdir())
        assert [trace for trace in wanted if trace in left] == []
        assert [(a.name, a.clips) for a in history.athletes()] == [("Ben", 1)]
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_replaced_result_and_an_old_name_are_gone_too(file: Path, reports: Reports) -> None:
    with History(file) as history:
        history.add("Xaverius", reports.of(1, measured={"knee_retreat": 9.87654}), week(0), None)
        assert struct.pack(">d", 9.87654) in file.read_bytes()
        history.add("Xaverius", reports.of(1), week(0), None)
        assert struct.pack(">d", 9.87654) not in file.read_bytes()
        history.rename("Xaverius", "Zoe")
        assert b"averius" not in file.read_bytes()
