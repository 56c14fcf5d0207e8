"""The worked example of ``docs/adding-an-exercise.md`` does what the page says."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formcheck import analyze_track, load_book
from formcheck.analysis import UNKNOWN
from tests.helpers.skeleton import (
    BACK,
    FRONT,
    LIFTS,
    SIDE,
    Camera,
    Posture,
    clock,
    even_set,
    film,
    mix,
    share_of,
    with_noise,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.analysis import Analysis
    from formcheck.pose.track import PoseTrack
    from formcheck.rules.book import RuleBook
    from tests.helpers.skeleton import Move

PAGE = Path(__file__).resolve().parents[2] / "docs" / "adding-an-exercise.md"
RACKED = Posture(arm=50.0, elbow=130.0, trunk=5.0)
PRESSED = Posture(arm=125.0, elbow=4.0, trunk=5.0)
MOVES = even_set(3)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    text = PAGE.read_text(encoding="utf-8")
    (block,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    file = tmp_path_factory.mktemp("doc") / "landmine.toml"
    file.write_text(block, encoding="utf-8")
    return load_book([file])


def press(
    *,
    rest: Posture = RACKED,
    top: Posture = PRESSED,
    camera: Camera = SIDE,
    moves: Sequence[Move] = MOVES,
) -> PoseTrack:
    t_s = clock(moves[-1].end_s + 1.0)
    return with_noise(film(t_s, mix(rest, top, share_of(t_s, moves)), camera), 1.0)


def faults(analysis: Analysis) -> set[str]:
    return {c.rule.id.partition(".")[2] for c in analysis.checks if c.severity.is_fault}


@pytest.mark.parametrize("azimuth", [0.0, 75.0, 90.0, 180.0, 270.0])
def test_it_is_recognised_and_counted(book: RuleBook, azimuth: float) -> None:
    moves = even_set(5)
    found = analyze_track(press(camera=Camera(azimuth), moves=moves), book=book)
    assert found.exercise == "landmine_press"
    assert found.rep_count == 5
    turns = [r.rep.turn_s for r in found.reps]
    assert turns == pytest.approx([move.turn_s for move in moves], abs=0.15)
    assert next(p.name for p in found.reps[0].rep.phases) == "press"


def test_without_the_file_it_is_unknown() -> None:
    assert analyze_track(press()).exercise == UNKNOWN


def test_a_good_press_has_no_fault(book: RuleBook) -> None:
    found = analyze_track(press(), book=book)
    assert not faults(found)
    assert found.score == 100.0
    assert all(c.reason is None for c in found.checks)


@pytest.mark.parametrize(
    ("track", "fault"),
    [
        (press(top=replace(PRESSED, arm=100.0, elbow=75.0)), "lockout"),
        (press(top=replace(PRESSED, arm=130.0, trunk=-18.0)), "lean_back"),
        (press(rest=replace(RACKED, shin=12.0, thigh=70.0)), "leg_drive"),
        (press(moves=even_set(3, second_half_s=0.4)), "lowering"),
    ],
    ids=["short", "leaning back", "leg drive", "dropped"],
)
def test_each_rule_fires_on_its_fault_alone(book: RuleBook, track: PoseTrack, fault: str) -> None:
    found = analyze_track(track, book=book)
    assert found.exercise == "landmine_press"
    assert faults(found) == {fault}
    assert found.score is not None
    assert found.score < 100.0


def test_from_the_front_there_is_no_score(book: RuleBook) -> None:
    found = analyze_track(press(camera=FRONT), book=book)
    assert found.score is None


@pytest.mark.parametrize("lift", LIFTS)
@pytest.mark.parametrize("camera", [SIDE, FRONT, BACK])
def test_the_other_exercises_are_recognised_as_before(
    book: RuleBook, lift: str, camera: Camera
) -> None:
    track = with_noise(LIFTS[lift](MOVES, camera=camera), 1.0)
    before, after = analyze_track(track), analyze_track(track, book=book)
    assert after.exercise == before.exercise
    if camera is SIDE:
        assert after.exercise == lift
    assert after.rep_count == before.rep_count
    assert after.score == before.score
