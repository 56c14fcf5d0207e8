"""``formcheck history``: real dated clips of one lifter, in the terminal and on disk."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formcheck import analyze, build_report
from formcheck.cli.commands import HistoryOptions
from formcheck.cli.history import run
from formcheck.errors import UsageError
from formcheck.history import History, Recorded
from formcheck.lifter import Bar, Lifter
from formcheck.pose.cache import TrackCache
from formcheck.pose.model import load_model
from formcheck.pose.tracker import TrackSettings
from formcheck.present.terminal.history import BLOCKS, sparkline
from formcheck.report.files import write_report
from formcheck.report.model import FilesPart, Report
from formcheck.video import VideoReader, file_sha256
from tests.conftest import SAMPLES
from tests.helpers.remux import remux

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

STEADY, LEANING = 8, 4
FIRST = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
SECONDS = 5.0
QUICK = TrackSettings(10.0)
"""Pictures a second: enough to see the lean, and a third of the time to track."""


@dataclass(frozen=True)
class Diary:
    """Twelve dated clips of one lifter, one a week: the last four lean far forward."""

    reports: tuple[Path, ...]
    db: Path

    def copy(self, folder: Path) -> Path:
        """A history that a test may change."""
        return Path(shutil.copy(self.db, folder / "copy.sqlite"))


def analysed(clip: Path, cache: TrackCache) -> Path:
    """The report of a clip, written beside it as the command does."""
    told = Lifter(bar=Bar.NONE)
    found = analyze(clip, exercise="squat", lifter=told, settings=QUICK, cache=cache)
    out = clip.with_name(f"{clip.stem}_formcheck")
    report = build_report(found, FilesPart(angles_csv="angles.csv"))
    write_report(report, found.analysis.motion, out)
    return out / "report.json"


def keep_same_track(tracked: Path, clip: Path, cache: TrackCache) -> None:
    """Keep for a clip the track of one with the same pictures, which spares tracking it."""
    model = load_model().sha256
    same = cache.load(file_sha256(tracked), model, QUICK)
    assert same is not None
    with VideoReader(clip) as reader:
        list(reader.pictures())
        video = reader.info()
    cache.store(video.sha256, model, QUICK, replace(same, video=video))


@pytest.fixture(scope="module")
def diary(tmp_path_factory: pytest.TempPathFactory, shared_cache: Path) -> Diary:
    folder, cache = tmp_path_factory.mktemp("diary"), TrackCache(shared_cache)
    reports = []
    first: dict[str, Path] = {}
    for week in range(STEADY + LEANING):
        name = "squat_side_good" if week < STEADY else "squat_side_lean"
        when = (FIRST + timedelta(weeks=week)).isoformat()
        clip = folder / f"{week:02}.mp4"
        remux(SAMPLES / f"{name}.mp4", clip, recorded_at=when, seconds=SECONDS)
        if name in first:
            keep_same_track(first[name], clip, cache)
        reports.append(analysed(clip, cache))
        first.setdefault(name, clip)
    db = folder / "history.sqlite"
    run(HistoryOptions("Anna", db, json=folder / "all.json", add=tuple(reports)))
    return Diary(tuple(reports), db)


def shown(capsys: pytest.CaptureFixture[str], options: HistoryOptions) -> str:
    capsys.readouterr()
    run(options)
    return capsys.readouterr().out


def trends(text: str) -> dict[str, str]:
    (lift,) = json.loads(text)["lifts"]
    return {trend["name"]: trend["verdict"] for trend in lift["trends"]}


def test_eight_alike_sessions_are_no_change_and_the_lean_is(
    diary: Diary, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rendered: 8 sessions with one lean, then 4 with one 20 degrees larger."""
    text = shown(capsys, HistoryOptions("anna", diary.db, until="2026-04-25", json=Path("-")))
    assert {verdict.split(" (")[0] for verdict in trends(text).values()} == {
        "no change beyond the error"
    }
    (lift,) = json.loads(text)["lifts"]
    assert lift["facts"] == "8 clips in 8 sessions, 2 March to 20 April 2026"
    every = trends(shown(capsys, HistoryOptions("anna", diary.db, json=Path("-"))))
    assert every["trunk_shin"].startswith("got worse by")
    assert every["trunk_lean_bottom"].startswith("higher by")
    assert every["descent_s"].startswith("no change beyond the error")


def test_the_terminal(formcheck: CommandLine, diary: Diary) -> None:
    done = formcheck.run("history", "ANNA", "--history", diary.db)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0] == "Anna: 12 clips"
    words = " ".join(done.stdout.split())
    assert "12 clips in 12 sessions, 2 March to 18 May 2026" in words
    rows = [line for line in lines if {*line} & {*BLOCKS}]
    assert "Excess lean" in "".join(rows[:4])  # changes first
    assert "no change beyond the error (±" in words


def test_the_list(diary: Diary, capsys: pytest.CaptureFixture[str]) -> None:
    row = shown(capsys, HistoryOptions(history=diary.db)).splitlines()[1]
    assert row.split() == [
        "Anna",
        "12",
        "2026-03-02",
        "-",
        "2026-05-18",
        "too",
        "little",
        "seen",
        "Squat",
    ]
    (anna,) = json.loads(shown(capsys, HistoryOptions(history=diary.db, json=Path("-"))))[
        "athletes"
    ]
    assert (anna["name"], anna["clips"], anna["lifts"]) == ("Anna", 12, ["Squat"])
    assert (anna["first"], anna["finding"]) == ("2026-03-02T17:30:00+00:00", "insufficient")


def test_without_bars_there_is_no_column_for_them(
    diary: Diary, formcheck: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = formcheck.run("history", "anna", "--history", diary.db, "--exercise", "squat")
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert "Over time" not in done.stdout


def test_a_sparkline_has_gaps_and_keeps_noise_flat() -> None:
    assert sparkline([0, None, 7], 0) == "▁·█"
    assert sparkline([0, 1], 70) == "▄▅"
    assert sparkline([], 1) == ""


def test_adding_twice_is_adding_once(
    diary: Diary, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = diary.copy(tmp_path)
    before = shown(capsys, HistoryOptions("anna", db, json=Path("-")))
    again = shown(capsys, HistoryOptions("Anna", db, json=Path("-"), add=diary.reports[:2]))
    assert again == before


def test_the_date_is_told_or_the_files_or_asked_for(
    diary: Diary, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = Report.model_validate_json(diary.reports[0].read_bytes())
    undated = report.video.model_copy(update={"recorded_at": None})
    file = tmp_path / "report.json"
    file.write_text(report.model_copy(update={"video": undated}).model_dump_json())
    os.utime(report.video.path, (FIRST.timestamp(), FIRST.timestamp() - 3 * 86400))
    db = tmp_path / "h.sqlite"
    text = shown(capsys, HistoryOptions("Ben", db, add=(file,)))
    assert "27 February 2026*: 2 reps, score 100" in text
    assert "only the file's date" in text
    text = shown(capsys, HistoryOptions("Ben", db, add=(file,), date="2025-12-24"))
    assert "24 December 2025" in text
    assert "of the files" not in text
    with History(db) as history:
        (clip,) = history.clips("ben")
    assert clip.recorded.source == "told"
    gone = undated.model_copy(update={"path": str(tmp_path / "gone.mp4")})
    file.write_text(report.model_copy(update={"video": gone}).model_dump_json())
    with pytest.raises(UsageError, match="say it with --date, such as --date 2026-03-01"):
        run(HistoryOptions("Ben", db, add=(file,)))
    with pytest.raises(UsageError, match="--date: expected a date such as 2026-03-01, got 'May'"):
        run(HistoryOptions("Ben", db, add=(file,), date="May"))


def test_the_clip_is_looked_for_beside_its_report(
    diary: Diary,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Analysed as `squat.mp4` in its own folder, added from another one."""
    report = Report.model_validate_json(diary.reports[0].read_bytes())
    home = tmp_path / "videos"
    (home / "squat_formcheck").mkdir(parents=True)
    clip = Path(shutil.copy(report.video.path, home / "squat.mp4"))
    os.utime(clip, (FIRST.timestamp(), FIRST.timestamp() - 3 * 86400))
    video = report.video.model_copy(update={"recorded_at": None, "path": "squat.mp4"})
    file = home / "squat_formcheck" / "report.json"
    file.write_text(report.model_copy(update={"video": video}).model_dump_json())
    monkeypatch.chdir(tmp_path)
    request = HistoryOptions(
        "Ben", tmp_path / "h.sqlite", add=(Path("videos/squat_formcheck/report.json"),)
    )
    assert "27 February 2026*: 2 reps" in shown(capsys, request)
    clip.write_bytes(b"another clip")
    with pytest.raises(UsageError, match="say it with --date"):
        run(request)


def test_a_date_to_come_is_not_believed(
    diary: Diary, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = Report.model_validate_json(diary.reports[0].read_bytes())
    file, db = tmp_path / "report.json", tmp_path / "h.sqlite"
    for clip in (Path(report.video.path), tmp_path / "gone.mp4"):
        video = report.video.model_copy(
            update={"recorded_at": "2136-01-01T00:00:00+00:00", "path": str(clip)}
        )
        file.write_text(report.model_copy(update={"video": video}).model_dump_json())
        if clip.exists():
            os.utime(clip, (FIRST.timestamp(), FIRST.timestamp() - 3 * 86400))
            assert "27 February 2026*" in shown(capsys, HistoryOptions("Ben", db, add=(file,)))
            os.utime(clip, (FIRST.timestamp(), FIRST.timestamp() + 110 * 365 * 86400))
        with pytest.raises(UsageError, match="say it with --date"):
            run(HistoryOptions("Ben", db, add=(file,)))
    with pytest.raises(UsageError, match="--date: 2136-01-01 is still to come; when was it"):
        run(HistoryOptions("Ben", db, add=(file,), date="2136-01-01"))


def test_rename_export_and_another_measurement(
    diary: Diary, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db, out = diary.copy(tmp_path), tmp_path / "rows.csv"
    request = HistoryOptions(
        "anna",
        db,
        rename="Änne",
        export=out,
        since="2026-05-01",
        measurement=("hip_flexion_bottom",),
    )
    text = shown(capsys, request)
    assert text.startswith("Änne: 3 clips")
    assert "Hip bend" in text
    rows = out.read_text(encoding="utf-8-sig").splitlines()
    assert f"rows.csv ({len(rows) - 1} rows)" in "".join(text.split("\n"))
    assert sum(row.startswith("clip,Änne,2026-05") for row in rows) == 3


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (HistoryOptions("ana"), "There is no athlete 'ana'; close to it: 'Anna'."),
        (HistoryOptions("Anna", exercise="row"), "--exercise: expected one of squat, got 'row'."),
        (
            HistoryOptions("Anna", since="soon"),
            "--since: expected a day such as 2026-03-01, got 'soon'",
        ),
        (HistoryOptions(page=Path("x.html")), "--page needs the name of an athlete."),
        (HistoryOptions("Anna", date="2026-03-01"), "there is no --add."),
        (HistoryOptions("Anna", yes=True), "there is no --delete."),
        (
            HistoryOptions("Anna", delete=True, rename="B"),
            "--delete removes everything for an athlete",
        ),
        (
            HistoryOptions("Anna", delete=True, yes=True, since="2026-05-01"),
            "--delete removes everything for an athlete",
        ),
        (
            HistoryOptions("Anna", delete=True, yes=True, exercise="squat"),
            "--delete removes everything for an athlete",
        ),
        (
            HistoryOptions("Anna", since="2026-05-02", until="2026-05-01"),
            "no day lies between them",
        ),
        (
            HistoryOptions("Anna", export=Path("x.xls")),
            "--export: expected a name that ends with .csv",
        ),
        (
            HistoryOptions("Anna", add=(SAMPLES / "squat_side_good.json",)),
            "is not a formcheck report",
        ),
        (HistoryOptions("Anna", add=(Path("gone.json"),)), "Cannot read gone.json"),
    ],
)
def test_refusals_change_nothing(diary: Diary, options: HistoryOptions, sentence: str) -> None:
    before = diary.db.read_bytes()
    with pytest.raises(UsageError) as refused:
        run(replace(options, history=diary.db))
    assert sentence in str(refused.value)
    assert diary.db.read_bytes() == before


def test_without_a_history_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no history yet"):
        run(HistoryOptions(history=tmp_path / "none.sqlite"))
    assert [*tmp_path.iterdir()] == []


# --- deleting -------------------------------------------------------------------------


def folders(tmp_path: Path, diary: Diary) -> tuple[Path, Path, Path]:
    """Results of a batch, of `analyze` into a folder with other things, and a stranger's."""
    batch, mixed, strange = (tmp_path / name for name in ("batch", "mixed", "strange"))
    for folder, source in ((batch, 0), (mixed, 1), (strange, 2)):
        shutil.copytree(diary.reports[source].parent, folder)
    (batch / "track.npz").write_bytes(b"x")
    names = {"report.json": 1, "angles.csv": 1, "track.npz": 1, "../mixed/mine.mp4": 1}
    (batch / "record.json").write_text(json.dumps({"files": names}))
    (mixed / "mine.mp4").write_bytes(b"a clip")
    (mixed / "notes.txt").write_text("mine")
    return batch, mixed, strange


def test_delete_takes_rows_tracks_and_results_but_no_clip(
    diary: Diary,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    batch, mixed, strange = folders(tmp_path, diary)
    db = tmp_path / "h.sqlite"
    reports = [Report.model_validate_json(file.read_bytes()) for file in diary.reports[:3]]
    with History(db) as history:
        for report, folder in zip(reports, (batch, mixed, diary.reports[5].parent), strict=True):
            history.add("Anna", report, Recorded(FIRST, "told"), str(folder))
    cache = TrackCache(tmp_path / "tracks")
    monkeypatch.setenv("FORMCHECK_CACHE", str(cache.folder))
    clips = [Path(reports[n].video.path) for n in (0, 1)]
    for clip in (*clips, Path(diary.reports[7].parent.parent / "07.mp4")):
        analyze(clip, settings=TrackSettings(10.0, 0.0, 0.5), cache=cache)
    assert len([*cache.folder.glob("*.npz")]) == 3
    text = shown(capsys, HistoryOptions("anna", db, delete=True, yes=True))
    assert "4 files of results in " in text
    assert str(batch) in text
    assert str(mixed) in text
    assert "The clips themselves are not touched." in text
    assert "3 clips in the history, 2 cached tracks, results in 2 folders" in text
    assert not batch.exists()
    assert sorted(path.name for path in mixed.iterdir()) == ["mine.mp4", "notes.txt"]
    assert len([*strange.iterdir()]) == 2
    assert diary.reports[5].exists()  # its report is of another clip
    assert all(clip.exists() for clip in clips)
    assert len([*cache.folder.glob("*.npz")]) == 1
    with History(db) as history:
        assert history.athletes() == []
    assert b"Anna" not in db.read_bytes()


def test_delete_leaves_what_another_athlete_has_too(
    diary: Diary,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A clip that was first added under a mistyped name."""
    both, copied = tmp_path / "both", tmp_path / "copied"
    for folder in (both, copied):
        shutil.copytree(diary.reports[0].parent, folder)
    report = Report.model_validate_json(diary.reports[0].read_bytes())
    db = tmp_path / "h.sqlite"
    with History(db) as history:
        history.add("Ana", report, Recorded(FIRST, "told"), str(both))
        history.add("Anna", report, Recorded(FIRST, "told"), str(both))
    cache = TrackCache(tmp_path / "tracks")
    monkeypatch.setenv("FORMCHECK_CACHE", str(cache.folder))
    analyze(Path(report.video.path), settings=TrackSettings(10.0, 0.0, 0.5), cache=cache)
    text = shown(capsys, HistoryOptions("ana", db, delete=True, yes=True))
    assert "Another athlete shares 1 clip: the files they need are kept." in text
    assert (both / "report.json").exists()
    assert len([*cache.folder.glob("*.npz")]) == 1
    link = tmp_path / "link"
    link.symlink_to(copied)
    with History(db) as history:
        history.add("Anna", report, Recorded(FIRST, "told"), str(link))
    assert "results in 1 folder" in shown(capsys, HistoryOptions("anna", db, delete=True, yes=True))
    assert [*copied.iterdir()] == []
    assert [*cache.folder.glob("*.npz")] == []


def test_delete_asks_first(formcheck: CommandLine, diary: Diary, tmp_path: Path) -> None:
    db = diary.copy(tmp_path)
    before = db.read_bytes()
    done = formcheck.run("history", "anna", "--history", db, "--delete")
    assert done.returncode == 2
    assert "Delete all of it? [y/N]" in done.stdout
    assert done.stderr.splitlines()[-1] == "Nothing was deleted."
    assert db.read_bytes() == before
    assert all(file.exists() for file in diary.reports)
