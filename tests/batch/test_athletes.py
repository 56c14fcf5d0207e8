"""What a batch writes of an athlete: how they lift now, and how that came about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from formcheck.batch.athletes import by_athlete, recent, whose, with_less_weight, write_profiles
from formcheck.batch.forget import made_from, result_folders
from formcheck.history import History
from formcheck.history.clip import clip_of
from formcheck.history.model import AthleteHistory
from formcheck.history.overview import athlete_history
from formcheck.report.build_upper_back import build_profile
from formcheck.report.model import Profile, Report
from formcheck.storage import Folder
from tests.helpers.records import done
from tests.history.conftest import FIRST, Reports, reports, week

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck.batch.record import Record

__all__ = ["reports"]
LEAN = "trunk_shin"
WEEKS = 6


def of(lift: str, report: Report) -> Report:
    exercise = report.exercise.model_copy(update={"id": lift})
    return report.model_copy(update={"exercise": exercise})


def test_what_is_older_than_four_weeks_of_its_lift_is_not_how_somebody_lifts(
    reports: Reports,
) -> None:
    day = date(2026, 3, 30)
    given = [
        (day - timedelta(days=28), of("squat", reports.of(1))),
        (day - timedelta(days=27), of("squat", reports.of(2))),
        (day, of("squat", reports.of(3))),
        (day - timedelta(days=90), of("pull_up", reports.of(4))),
        (None, of("squat", reports.of(5))),
    ]
    now, old = recent(given)
    assert [int(report.video.sha256, 16) for report in now] == [2, 3, 4, 5]
    assert old == 1


def record_of(number: int, key: str = "key") -> Record:
    made = done(f"anna/{number}.mp4")
    moment = (FIRST + timedelta(weeks=number)).isoformat()
    update = {"recorded_at": moment, "sha256": f"{number:064x}", "key": key}
    return made.model_copy(update=update)


def test_trends_go_back_to_clips_that_are_only_in_the_history(
    reports: Reports, tmp_path: Path
) -> None:
    """Five clips were filmed before and are gone; the sixth leans far more than they did."""
    values = [10.0] * (WEEKS - 1) + [60.0]
    made = [reports.of(n, measured={LEAN: value}) for n, value in enumerate(values)]
    folder, place = Folder(str(tmp_path / "out")), tmp_path / "history.sqlite"
    last = [record_of(WEEKS - 1)]

    def outlook(history: History | None) -> tuple[str, str]:
        told = write_profiles(last, folder, read=lambda _: made[-1], history=history)["anna"]
        return told.course, told.trend

    assert outlook(None) == ("open", "too few sessions to tell (1 of 5)")
    with History(place) as history:
        for number, report in enumerate(made[:-1]):
            history.add("Anna", report, week(number))
        course, trend = outlook(history)
        assert course == "worse"
        assert trend.startswith("bodyweight squat: back vs shins got worse by 50° ±")
        assert outlook(history) == (course, trend)  # from what is kept
    kept = AthleteHistory.model_validate_json(folder.read("athletes/anna/history.json") or b"")
    assert kept.clips == WEEKS
    profile = Profile.model_validate_json(folder.read("athletes/anna/profile.json") or b"")
    assert len(profile.clips) == 1


def test_what_got_worse_with_more_weight_asks_for_less(reports: Reports) -> None:
    """Leans more with every five kilograms; the first weights were within the limits."""
    leans = [0.0, 2.0, 4.0, 40.0, 50.0, 60.0]
    made = [
        reports.of(n, measured={LEAN: lean}, load_kg=40.0 + 5 * n) for n, lean in enumerate(leans)
    ]

    def lighter(loads: bool) -> Profile:
        told = [
            r if loads else reports.of(n, measured={LEAN: leans[n]}) for n, r in enumerate(made)
        ]
        clips = [clip_of("Anna", report, week(n), None) for n, report in enumerate(told)]
        found = athlete_history("Anna", clips)
        assert bool(found.lifts[0].load) == loads
        return with_less_weight(build_profile(told[-1:]), found)

    first = lighter(loads=True).upper_back.advice[0]
    assert first.name == "Take the squat back to about 50 kg (110 lb)"
    assert "went from 40 kg (88 lb) to 65 kg (143 lb)" in first.why
    assert not any("Take the" in a.name for a in lighter(loads=False).upper_back.advice)


def test_spellings_of_one_name_are_one_athlete(reports: Reports, tmp_path: Path) -> None:
    """José composed and with a combining accent; in another case; with another space."""
    folders = ["José", "Jose\u0301", "anna", "Anna", "ANNA ", "Ben  Li", "Ben Li", "Ana"]
    names = [f"{folder}/{n}.mp4" for n, folder in enumerate(folders)]
    told = whose([*names, "squat.mp4", "/nobody.mp4"])
    assert [told(name) for name in names] == [
        *("José", "José"),
        *("ANNA", "ANNA", "ANNA"),
        *("Ben Li", "Ben Li"),
        "Ana",
    ]
    assert told("squat.mp4") is told("/nobody.mp4") is None
    facts = {"sha256": "", "recorded_at": week(0).moment.isoformat()}
    records = [
        done(name).model_copy(update=facts | {"sha256": f"{n:064x}"})
        for n, name in enumerate(names)
    ]
    assert {name: len(own) for name, own in by_athlete(records).items()} == {
        "ANNA": 3,
        "Ana": 1,
        "Ben Li": 2,
        "José": 2,
    }
    made = {record.clip: reports.of(n) for n, record in enumerate(records)}
    folder = Folder(str(tmp_path / "out"))
    with History(tmp_path / "h.sqlite") as history:
        write_profiles(records[3:4], folder, read=lambda r: made[r.clip], history=history)
        write_profiles(records, folder, read=lambda r: made[r.clip], history=history)
        assert {who.name: who.clips for who in history.athletes()} == {
            "Anna": 3,
            "Ana": 1,
            "Ben Li": 2,
            "José": 2,
        }
    places = {file.name.split("/")[1] for file in folder.files()}
    assert places == {"ANNA", "Ana", "Ben Li", "José"}


def test_deleting_an_athlete_finds_what_was_made_under_another_spelling(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    for name in ("José", "Ben"):
        (tmp_path / "athletes" / name).mkdir(parents=True)
        (tmp_path / "athletes" / name / "profile.json").write_text("{}")
    found = made_from([tmp_path / "clips" / "JOSE\u0301" / "squat.mp4"])
    assert tmp_path / "athletes" / "José" / "profile.json" in found
    assert not any("Ben" in file.parts for file in found)


def test_deleting_an_athlete_finds_every_copy_of_a_clip(reports: Reports, tmp_path: Path) -> None:
    """The same clip twice, in two spellings of the folder; Ben has it as well."""
    (tmp_path / "manifest.json").write_text("{}")
    report = Report.model_validate(reports.of(1).model_dump(warnings=False))
    for name in ("José", "Jose\u0301", "Ben"):
        place = tmp_path / "clips" / name / "squat.mp4"
        place.mkdir(parents=True)
        (place / "report.json").write_text(report.model_dump_json())
        (place / "record.json").write_text('{"files": {"report.json": 1}}')
    place = tmp_path / "clips" / "José" / "squat.mp4"
    found = result_folders([clip_of("José", report, week(0), str(place))])
    assert {one.folder.parent.name for one in found} == {"José", "Jose\u0301"}
    assert {file.name for one in found for file in one.files} == {"report.json", "record.json"}
