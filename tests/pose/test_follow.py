"""Following a body: the same on any number of cores, whatever the clip does."""

from __future__ import annotations

import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from formcheck.errors import VideoError
from formcheck.pose import follow, landmarks
from formcheck.pose.blazepose.landmarker import Body
from formcheck.pose.blazepose.region import Region
from formcheck.pose.blazepose.smooth import PICTURE_EDGE_HZ, PICTURE_RISE, smooth
from formcheck.pose.chain import Gap, Seen, anybody, person_of
from formcheck.pose.follow import Follower
from formcheck.pose.model import load_model
from formcheck.pose.subject import PersonPath, link
from formcheck.video import VideoReader
from sample_videos.generator.truth import load_truth
from tests.conftest import SAMPLES
from tests.helpers.clips import Encoding, encode
from tests.helpers.pictures import of_rgb, pictures_of, timed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from formcheck.pose.engine import Followed
    from formcheck.pose.subject import Sighting
    from formcheck.video.picture import Picture

    Floats = NDArray[np.float64]
    Image = NDArray[np.uint8]

CLIP = SAMPLES / "squat_side_good.mp4"
FPS = 25
"""Of the sample clips."""
GOOD = Encoding(fps=FPS, options={"crf": "12"})
PAIRED = 24
"""Pictures with two people: enough for two looks."""
SEEN_WELL = 0.8
"""Visibility of joints that nothing hides."""


@pytest.fixture(scope="module")
def follower() -> Follower:
    return Follower(load_model(), cores=1)


@pytest.fixture(scope="module")
def images() -> list[Image]:
    """Two seconds of a squat, as RGB."""
    return [picture.rgb() for picture in pictures_of(CLIP, range(2 * FPS))]


@pytest.fixture(scope="module")
def followed(follower: Follower) -> Followed:
    """Those two seconds followed."""
    return follower.follow(pictures_of(CLIP, range(2 * FPS)))


@pytest.fixture(scope="module")
def two_people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two lifters side by side."""
    left, right = (
        [picture.rgb() for picture in pictures_of(SAMPLES / f"{name}.mp4", range(PAIRED))]
        for name in ("squat_front_knees_in", "upright_row_front")
    )
    both = [np.hstack(pair) for pair in zip(left, right, strict=True)]
    return encode(tmp_path_factory.mktemp("two") / "two.mp4", both, GOOD)


def pictures(clip: Path) -> Iterator[Picture]:
    with VideoReader(clip) as reader:
        yield from reader.pictures()


def joints(sighting: Sighting) -> Floats:
    """Shape (12, 2): shoulders to ankles of the one who was seen."""
    (person,) = sighting.people
    return person.xy_px[follow.JOINTS]


def middle(sighting: Sighting) -> float:
    (person,) = sighting.people
    return float(person.centre[0])


def off_truth(sightings: Sequence[Sighting], clip: Path) -> Floats:
    """Distances of joints from where they are, px of the picture, shape (T, 12)."""
    truth = load_truth(clip.with_suffix(".json"))
    names = [landmarks.NAMES[number] for number in follow.JOINTS]
    numbers = [int(np.abs(truth.t_s - sighting.t_s).argmin()) for sighting in sightings]
    real = np.array([[truth.pixels[name][n] for name in names] for n in numbers])
    apart: Floats = np.linalg.norm([joints(s) for s in sightings] - real, axis=-1)
    return apart


def assert_same(one: Sequence[Sighting], other: Sequence[Sighting]) -> None:
    """Bit by bit."""
    assert [s.t_s for s in one] == [s.t_s for s in other]
    for mine, expected in zip(one, other, strict=True):
        for person, same in zip(mine.people, expected.people, strict=True):
            np.testing.assert_array_equal(person.xy_px, same.xy_px)
            np.testing.assert_array_equal(person.world_m, same.world_m)
            np.testing.assert_array_equal(person.visibility, same.visibility)


# --- cores ---------------------------------------------------------------------------


@pytest.mark.parametrize("cores", [2, 4])
def test_the_number_of_cores_changes_nothing(followed: Followed, cores: int) -> None:
    again = Follower(load_model(), cores=cores).follow(pictures_of(CLIP, range(2 * FPS)))
    assert_same(again.sightings, followed.sightings)
    assert_same(again.looks, followed.looks)
    assert again.measured == followed.measured


def test_following_twice_gives_the_same(follower: Follower, followed: Followed) -> None:
    """Nothing of a clip is left in the follower."""
    other = pictures_of(SAMPLES / "pull_up_back_good.mp4", range(5))
    assert all(s.people for s in follower.follow(other).sightings)
    again = follower.follow(pictures_of(CLIP, range(2 * FPS)))
    assert_same(again.sightings, followed.sightings)


# --- what is seen --------------------------------------------------------------------


def test_every_picture_has_the_body_in_its_place(followed: Followed) -> None:
    """Joints to 9 px of pictures of 640, half of them."""
    sightings = followed.sightings
    assert [s.t_s for s in sightings] == pytest.approx(np.arange(2 * FPS) / FPS)
    assert np.median(off_truth(sightings, CLIP)) < 9
    assert [look.t_s for look in followed.looks] == pytest.approx([0.0, 0.84, 1.68])
    assert all(len(look.people) == 1 for look in followed.looks)


def test_what_is_skipped_in_calm_stretches_is_off_by_little(
    follower: Follower, followed: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of joints that are seen well 95 % by less than 1.5 px, of pictures of 640.

    At this clip's rate every picture is looked at, unless looks may lie further apart.
    """
    every = followed
    assert every.measured == 2 * FPS
    monkeypatch.setattr(follow, "CALM_S", 0.1)
    followed = follower.follow(pictures_of(CLIP, range(2 * FPS)))
    assert 0.6 * every.measured < followed.measured < 0.85 * every.measured
    seen = np.array([s.people[0].visibility[follow.JOINTS] > SEEN_WELL for s in every.sightings])
    pairs = zip(followed.sightings, every.sightings, strict=True)
    off = np.array([np.linalg.norm(joints(one) - joints(other), axis=1) for one, other in pairs])
    assert np.median(off[seen]) < 0.3
    assert np.percentile(off[seen], 95) < 1.5
    assert off[seen].max() < 6


@pytest.mark.parametrize("cores", [1, 3])
def test_uneven_times_are_followed_as_they_are(cores: int, followed: Followed) -> None:
    """A third of the pictures is missing, once a quarter of a second."""
    random = np.random.default_rng(3)
    numbers = [n for n in range(2 * FPS) if not 20 <= n < 26 and random.uniform() > 0.3]
    some = Follower(load_model(), cores=cores).follow(pictures_of(CLIP, numbers))
    assert [s.t_s for s in some.sightings] == pytest.approx(np.array(numbers) / FPS)
    assert np.median(off_truth(some.sightings, CLIP)) < 9
    same = [followed.sightings[number] for number in numbers]
    pairs = zip(some.sightings, same, strict=True)
    off = np.array([np.linalg.norm(joints(one) - joints(other), axis=1) for one, other in pairs])
    assert np.median(off) < 1.5


def test_nobody_is_in_a_black_clip(follower: Follower, tmp_path: Path) -> None:
    black = [np.zeros((96, 160, 3), np.uint8)] * 25
    found = follower.follow(pictures(encode(tmp_path / "black.mp4", black, GOOD)))
    assert [s.people for s in found.sightings] == [()] * 25
    assert [look.people for look in found.looks] == [(), ()]


@pytest.mark.parametrize("cores", [1, 3])
def test_a_body_that_is_away_is_found_again(
    cores: int, images: Sequence[Image], tmp_path: Path
) -> None:
    """At first for a second, later for a third of one: and nobody is seen meanwhile."""
    black = np.zeros_like(images[0])
    shown = [black] * FPS + [*images[:20]] + [black] * 8 + [*images[20:40]]
    clip = encode(tmp_path / "away.mp4", shown, GOOD)
    found = Follower(load_model(), cores=cores).follow(pictures(clip))
    there = [image is not black for image in shown]
    assert [bool(s.people) for s in found.sightings] == there
    places = [joints(s) for s in found.sightings if s.people]
    assert len(places) == 40
    steps = np.linalg.norm(np.diff(places, axis=0), axis=-1)
    assert np.median(steps[19]) < 15
    people = [len(look.people) for look in found.looks]
    assert people[0] == 0
    assert people[-1] == 1


@pytest.mark.parametrize("first", [12, 13, 14])
def test_after_a_cut_the_body_is_where_it_is_shown(
    first: int, follower: Follower, images: Sequence[Image]
) -> None:
    """On the left until the cut, then on the right, wherever links of the chain fall.

    The picture at the cut that is nearer to the link of the other scene may be lost.
    """
    shown = []
    for number, image in enumerate(images[:24]):
        wide = np.zeros((image.shape[0], 3 * image.shape[1], 3), np.uint8)
        wide[:, -image.shape[1] :] = image
        shown.append(wide if number >= first else wide[:, ::-1])
    found = follower.follow(timed(shown, 1 / FPS))
    seen = [(number, middle(s)) for number, s in enumerate(found.sightings) if s.people]
    assert all(abs(x - (960 if number >= first else 120)) < 120 for number, x in seen)
    missing = {*range(24)} - {number for number, _ in seen}
    assert len(missing) <= 1
    assert missing <= {first - 1, first}


@pytest.mark.parametrize("cores", [1, 2])
@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_clips_of_hardly_any_pictures(cores: int, count: int) -> None:
    few = Follower(load_model(), cores=cores).follow(pictures_of(CLIP, range(3))[:count])
    assert len(few.sightings) == few.measured == count
    assert all(len(s.people) == 1 for s in few.sightings)
    assert len(few.looks) == min(count, 1)


# --- whom ----------------------------------------------------------------------------


def test_whose_path_is_given_is_followed(two_people: Path) -> None:
    follower = Follower(load_model(), cores=2)
    looks = follower.follow(pictures(two_people)).looks
    assert [len(look.people) for look in looks] == [2] * len(looks)
    paths = link(looks)
    assert len(paths) == 2

    def is_left(path: PersonPath) -> bool:
        return bool(path.nearest(0).centre[0] < 360)

    assert is_left(paths[0]) != is_left(paths[1])
    for path in paths:
        found = follower.follow_lifter(pictures(two_people), path, 2)
        assert len(found.sightings) == PAIRED
        assert {middle(s) < 360 for s in found.sightings} == {is_left(path)}
        clip, shift = ("squat_front_knees_in", 0) if is_left(path) else ("upright_row_front", 360)
        off = off_truth(_moved(found.sightings, -shift), SAMPLES / f"{clip}.mp4")
        assert np.median(off) < 9


def _moved(sightings: Iterable[Sighting], by_px: float) -> list[Sighting]:
    return [
        replace(s, people=tuple(replace(p, xy_px=p.xy_px + np.array([by_px, 0])) for p in s.people))
        for s in sightings
    ]


def test_a_path_that_nobody_is_on_gives_nobody(follower: Follower, two_people: Path) -> None:
    paths = link(follower.follow(pictures_of(two_people, range(3))).looks)
    away = replace(
        paths[0],
        seen={
            number: replace(person, xy_px=person.xy_px + np.array([0, 2000]))
            for number, person in paths[0].seen.items()
        },
    )
    found = follower.follow_lifter(pictures_of(two_people, range(6)), away, 2)
    assert [s.people for s in found.sightings] == [()] * 6


# --- what goes wrong, and memory -----------------------------------------------------


@pytest.mark.parametrize("cores", [1, 3])
def test_an_error_of_the_decoder_comes_through(cores: int) -> None:
    def broken() -> Iterator[Picture]:
        yield from pictures_of(CLIP, range(14))
        raise VideoError("The clip is broken.")

    with pytest.raises(VideoError, match="broken"):
        Follower(load_model(), cores=cores).follow(broken())
    assert not [t for t in threading.enumerate() if t.name.startswith("pose")]


@pytest.mark.parametrize("cores", [1, 3])
def test_an_error_on_another_core_comes_through(cores: int) -> None:
    """A picture between two links whose frame cannot be read."""
    some = pictures_of(CLIP, range(12))
    some[4]._frame = None
    some[5]._frame = None
    with pytest.raises(AttributeError):
        Follower(load_model(), cores=cores).follow(some)
    assert not [t for t in threading.enumerate() if t.name.startswith("pose")]


@pytest.mark.parametrize(("cores", "most"), [(1, 13), (2, 23)])
def test_few_pictures_are_held_at_once(
    cores: int, most: int, images: Sequence[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of three gaps and of the one that begins, and those that wait for a core.

    All are measured, so that one core beside the chain's cannot keep up.
    """
    monkeypatch.setattr(follow, "TURNING", 0.0)
    alive: weakref.WeakSet[Picture] = weakref.WeakSet()
    held = []

    def counted() -> Iterator[Picture]:
        for number, image in enumerate(images):
            picture = of_rgb(image, number / 30)
            alive.add(picture)
            held.append(len(alive))
            yield picture
            del picture

    found = Follower(load_model(), cores=cores).follow(counted())
    assert found.measured == len(images)
    assert max(held) <= most
    assert len(alive) == 0


# --- the parts -----------------------------------------------------------------------


def body(x: float, side: float = 100.0) -> Body:
    """One whose every landmark is at one place."""
    region = Region(np.array([x, 50.0]), side, 0.0)
    return Body(0.9, np.full((33, 2), x), np.zeros((33, 3)), np.ones(33), np.ones(33), region)


def ends(*places: float | None) -> tuple[Seen, Seen]:
    """Links at 0 and 0.12 s."""
    first, last = (None if x is None else body(x) for x in places)
    return Seen(0.0, first), Seen(0.12, last)


def gap(before: float | None, after: float | None, *times_s: float) -> Gap:
    """From 0 to 0.12 s: where the body is before and after."""
    blank = np.zeros((8, 8, 3), np.uint8)
    ends = [Seen(t_s, None if x is None else body(x)) for t_s, x in ((0.0, before), (0.12, after))]
    return Gap([of_rgb(blank, t_s) for t_s in times_s], *ends)


def test_between_two_links_a_body_is_looked_for_between_its_places() -> None:
    region = gap(10, 22).region_at(0.03)
    assert region is not None
    assert region.centre == pytest.approx([13, 50])


@pytest.mark.parametrize(("before", "after", "x"), [(10, None, 10), (None, 22, 22)])
def test_a_body_that_one_link_saw_is_looked_for_there(
    before: float | None, after: float | None, x: float
) -> None:
    region = gap(before, after).region_at(0.03)
    assert region is not None
    assert region.centre[0] == x


def test_a_body_that_no_link_saw_is_not_looked_for() -> None:
    assert gap(None, None).region_at(0.03) is None


@pytest.mark.parametrize(("t_s", "x"), [(0.05, 10), (0.07, 80)])
def test_across_a_cut_a_body_is_looked_for_where_the_nearer_link_saw_it(
    t_s: float, x: float
) -> None:
    region = gap(10, 80).region_at(t_s)
    assert region is not None
    assert region.centre[0] == x


@pytest.mark.parametrize(
    ("times_s", "numbers"),
    [
        ((), set()),
        ((0.06,), {0}),
        ((0.04, 0.08), {0, 1}),
        ((0.03, 0.06, 0.09), {1}),
        ((0.01, 0.02, 0.07), {2}),
        (tuple(np.arange(1, 12) / 100), {6}),
    ],
)
def test_few_looks_between_two_links_are_enough_when_calm(
    times_s: tuple[float, ...], numbers: set[int]
) -> None:
    assert follow.enough(gap(10, 11, *times_s)) == numbers


def test_more_looks_are_taken_where_links_lie_far_apart() -> None:
    """0.28 s apart: three looks between, 0.07 s from each other."""
    seen = gap(10, 11, *np.arange(0.01, 0.28, 0.01))
    assert seen.after is not None
    seen.after.t_s = 0.28
    assert follow.enough(seen) == {6, 13, 20}


def test_after_the_last_link_every_picture_is_looked_at() -> None:
    whole = gap(10, 11, 0.04, 0.08)
    assert follow.enough(Gap(whole.pictures, whole.before, None)) == {0, 1}


def test_only_a_few_pictures_wait_for_a_core() -> None:
    """Whoever hands them out waits meanwhile, and all are measured in the end."""
    many = Gap([of_rgb(np.zeros((8, 8, 3), np.uint8), n / 300) for n in range(30)], *ends(10, 22))
    waiting = []

    def measure(picture: Picture, region: Region) -> Body:
        assert picture.t_s <= 0.1
        waiting.append(sum(seen.later is not None for seen in filling.seen))
        return body(region.centre[0])

    with ThreadPoolExecutor(1) as pool:
        filling = follow.Between(measure, pool)
        filling.fill(many, quick=True)
        assert len(filling.unsettled) <= 8
        seen = filling.settled()
    assert max(waiting) <= 9
    assert [s.t_s for s in seen] == [picture.t_s for picture in many.pictures]
    found = [s.body.xy_px[0, 0] for s in seen if s.body is not None]
    assert found == pytest.approx(10 + 12 * np.arange(30) / 300 / 0.12)


def test_a_skipped_picture_gets_the_body_from_between_its_neighbours_by_time() -> None:
    found = [
        Seen(0.0, body(10)),
        Seen(0.02, skipped=True),
        Seen(0.03, skipped=True),
        Seen(0.08, body(18)),
    ]
    people = [person_of(body(10)), None, None, person_of(body(18))]
    for number, x in ((1, 12), (2, 13)):
        person = follow._between_looks(found, people, number)
        assert person is not None
        assert person.xy_px == pytest.approx(np.full((33, 2), x))
    people[3] = None
    assert follow._between_looks(found, people, 1) is None


def test_bodies_are_smoothed_in_true_time_and_sizes_of_their_region() -> None:
    random = np.random.default_rng(2)
    t_s = np.cumsum(random.uniform(0.02, 0.3, 20))
    places = np.cumsum(random.normal(0, 4, 20))
    found = [Seen(t, body(x, side=40.0)) for t, x in zip(t_s, places, strict=True)]
    seen = follow.sightings(found, anybody)
    expected = smooth(t_s, places, edge_hz=PICTURE_EDGE_HZ, rise=PICTURE_RISE, unit=40.0)
    assert [s.people[0].xy_px[7, 0] for s in seen] == pytest.approx(expected, rel=1e-12)


def test_somebody_else_is_left_out() -> None:
    def wide(x: float) -> Body:
        landmarks_px = np.random.default_rng(1).uniform(0, 50, (33, 2)) + np.array([x, 0])
        return replace(body(x), xy_px=landmarks_px)

    found = [Seen(0.1 * n, wide(x)) for n, x in enumerate((10, 90, 11))]
    path = PersonPath({0: person_of(wide(10.0))}, np.array([0.0]))
    seen = follow.sightings(found, path.distance)
    assert [len(s.people) for s in seen] == [1, 0, 1]


def chained(*places: float | None) -> list[bool]:
    """Whether each gap of a chain is quick."""
    links = [Seen(0.12 * n, None if x is None else body(x)) for n, x in enumerate(places)]
    gaps = [Gap([], *pair) for pair in pairwise(links)]
    return [quick for _, quick in follow.with_quick([*gaps, Gap([], links[-1], None)])]


def test_gaps_at_whose_ends_the_body_turns_are_quick() -> None:
    """It turns at the third link; the last gap has no end."""
    far = 0.6 * follow.TURNING * 100
    assert chained(0, far, 2 * far, far, 0, -far) == [False, True, True, False, False, True]


def test_even_motion_is_not_quick() -> None:
    assert chained(0, 5, 10, 15) == [False, False, False, True]


def test_gaps_beside_a_link_that_saw_nobody_are_quick() -> None:
    assert chained(0, 0, 0, None, 0, 0) == [False, False, True, True, False, True]
