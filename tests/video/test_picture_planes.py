"""What is read from a picture's planes is what was filmed, where it was filmed.

Differences are in grey levels of 255. FFmpeg's own conversion repeats chroma samples
where the planes are subsampled, so it differs from the scene more than the planes do.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest

from formcheck.video.picture import Orientation, Picture
from tests.helpers.planes import UPRIGHT, Film, film, seen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tests.helpers.planes import Scene

    Floats = NDArray[np.float64]

SAME = np.array([[1.0, 0, 0], [0, 1, 0]])
X264 = {"qp": "0", "preset": "ultrafast"}
X264_10 = {"qp": "0", "preset": "veryfast"}
WOVEN = {"x264-params": "interlaced=1:qp=0", "preset": "ultrafast"}
VP9 = {"lossless": "1", "deadline": "realtime", "cpu-used": "8"}
JPEG = {"qmin": "1", "qmax": "1"}
FULL_CHROMA = [
    Film("yuv444p", "libx264", "mp4", X264),
    Film("yuv444p", "libvpx-vp9", "mp4", VP9),
    Film("yuv444p16le", suffix="mkv"),
    Film("gbrp", "libvpx-vp9", "mp4", VP9),
    Film("gbrp16le", suffix="mkv"),
]
SUBSAMPLED = [
    Film("yuv420p", "libx264", "mp4", X264),
    Film("yuv422p", "libx264", "mp4", X264),
    Film("yuv420p10le", "libx264", "mp4", X264_10),
    Film("yuv422p10le", "libx264", "mp4", X264_10),
    Film("yuv420p", "libvpx-vp9", "mp4", VP9),
    Film("yuva420p", suffix="mkv"),
    Film("yuv420p12le", suffix="mkv"),
    Film("yuv440p", suffix="mkv"),
    Film("yuv411p", suffix="mkv"),
    Film("yuvj420p", "mjpeg", "mov", JPEG, color_range=2),
]
PACKED = [
    Film(pix_fmt, "rawvideo", "nut")
    for pix_fmt in ("nv12", "nv21", "yuyv422", "uyvy422", "rgb24", "bgra", "ya8")
]
"""Read by FFmpeg; only the square is taken from what it gives."""
GREY = [Film("gray", suffix="mkv"), Film("gray10le", suffix="mkv")]
SYMMETRIES = [
    UPRIGHT,
    *((a, 0, 0, d) for a, d in product((1, -1), repeat=2) if (a, d) != (1, 1)),
    *((0, b, c, 0) for b, c in product((1, -1), repeat=2)),
]
SPOT_PX = 3.0
EXACT = {"yuv444p16le", "gray10le", "yuv420p10le", "yuv422p10le", "yuv420p12le"}


def shades(x: Floats, y: Floats) -> Floats:
    """Colours that change slowly from place to place, none of them pure."""
    turn = 2 * np.pi / 120
    red = 0.5 + 0.3 * np.sin(turn * x + 0.3 * np.cos(turn * y))
    green = 0.5 + 0.3 * np.sin(turn * y + 1)
    blue = 0.5 + 0.3 * np.cos(turn * (x + y) / 1.5)
    return np.stack([red, green, blue], axis=-1)


def grey(x: Floats, y: Floats) -> Floats:
    return np.repeat(shades(x, y)[..., :1], 3, axis=-1)


def bright(x: Floats, y: Floats) -> Floats:
    return np.ones((*np.broadcast(x, y).shape, 3))


def spots(places: Sequence[tuple[float, float]], width: float = SPOT_PX) -> Scene:
    """A white, a red, a blue spot (and so on) on dark grey."""
    colours = [(0.7, 0.7, 0.7), (0.5, 0, 0), (0, 0, 0.5)]

    def scene(x: Floats, y: Floats) -> Floats:
        shown = np.full((*np.broadcast(x, y).shape, 3), 0.2)
        for number, (at_x, at_y) in enumerate(places):
            heat = np.exp(-((x - at_x) ** 2 + (y - at_y) ** 2) / 2 / width**2)
            shown += heat[..., None] * np.array(colours[number % 3])
        return shown

    return scene


def region(centre: tuple[float, float], size: float, side: int, turn: float = 0.0) -> Floats:
    """From a square of so many pixels to a turned one of the picture."""
    cos, sin = math.cos(turn) * size / side, math.sin(turn) * size / side
    linear = np.array([[cos, -sin], [sin, cos]])
    return np.column_stack([linear, np.array(centre) - linear @ np.full(2, (side - 1) / 2)])


def middle_of(square: NDArray[np.float32]) -> Floats:
    """Centre of mass of a spot on a grey ground, shape (2,)."""
    heat = square.sum(axis=-1).astype(float)
    heat = np.clip(heat - np.median(heat) - 0.1 * np.ptp(heat), 0, None)
    row, column = np.indices(heat.shape)
    return np.asarray([(heat * column).sum(), (heat * row).sum()] / heat.sum())


def found(picture: Picture, part: Floats, side: int) -> Floats:
    """Where in the picture a spot is that a square of it shows, shape (2,)."""
    place: Floats = part @ np.array([*middle_of(picture.sample(part, side)), 1.0])
    return place


def off(one: NDArray[np.generic], other: NDArray[np.generic]) -> Floats:
    """Median and 99th percentile of the difference, in grey levels, of two in 0..1."""
    difference = np.abs(np.asarray(one, float) - np.asarray(other, float)) * 255
    return np.asarray(np.percentile(difference, [50, 99]))


def assert_close(
    one: NDArray[np.generic], other: NDArray[np.generic], most: tuple[float, float]
) -> None:
    median, rare = off(one, other)
    assert median <= most[0]
    assert rare <= most[1]


def whole(picture: Picture) -> NDArray[np.float32]:
    width, height = picture.size
    return picture.sample(SAME, max(width, height))[:height, :width]


def assert_shows(picture: Picture, scene: Scene, *, exact: bool = False) -> None:
    """The whole picture and a turned part of it show the scene."""
    width, height = picture.size
    most = (0.3, 1.2) if exact else (0.7, 3.0)
    side = max(width, height)
    whole_scene = seen(scene, SAME, side)[:height, :width]
    assert_close(whole(picture), whole_scene, most)
    part = region((0.52 * width, 0.47 * height), 0.6 * min(width, height), 96, 0.6)
    square = picture.sample(part, 96)
    assert square.shape == (96, 96, 3)
    assert square.dtype == np.float32
    assert_close(square, seen(scene, part, 96), most)


def assert_agrees_with_rgb(picture: Picture, most: tuple[float, float]) -> None:
    """FFmpeg's conversion, whole and sampled in a turned part."""
    image = picture.rgb().astype(np.float32) / 255
    width, height = picture.size
    assert_close(whole(picture), image, most)
    part = region((0.52 * width, 0.47 * height), 0.6 * min(width, height), 96, 0.6)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    expected = np.asarray(cv2.warpAffine(image, part, (96, 96), flags=flags))
    assert_close(picture.sample(part, 96), expected, most)


def sizes(how: Film) -> list[tuple[int, int]]:
    odd = how.codec != "libx264" or how.pix_fmt == "yuv444p"
    return [(160, 96), *([(161, 97)] if odd else [])]


def named(how: Film) -> str:
    return f"{how.codec}-{how.pix_fmt}"


# --- colours -------------------------------------------------------------------------


@pytest.mark.parametrize("how", FULL_CHROMA, ids=named)
def test_full_chroma_is_exact(tmp_path: Path, how: Film) -> None:
    for size in sizes(how):
        picture = film(tmp_path, shades, size, how)
        assert_shows(picture, shades, exact=how.pix_fmt in EXACT)
        assert_agrees_with_rgb(picture, (0.6, 2.6))


@pytest.mark.parametrize("how", SUBSAMPLED, ids=named)
def test_subsampled_chroma_is_nearer_to_the_scene_than_ffmpegs_own(
    tmp_path: Path, how: Film
) -> None:
    for size in sizes(how):
        picture = film(tmp_path, shades, size, how)
        assert_shows(picture, shades, exact=how.pix_fmt in EXACT)
        assert_agrees_with_rgb(picture, (2.6, 9.0))
        width, height = picture.size
        truth = seen(shades, SAME, max(size))[:height, :width]
        assert (off(whole(picture), truth) <= off(picture.rgb() / 255, truth)).all()


@pytest.mark.parametrize("how", [FULL_CHROMA[0], SUBSAMPLED[4]], ids=named)
def test_an_odd_size_of_a_portrait(tmp_path: Path, how: Film) -> None:
    picture = film(tmp_path, shades, (361, 641), how)
    assert_shows(picture, shades)
    assert_agrees_with_rgb(picture, (1.2, 6.0))


@pytest.mark.parametrize("how", GREY, ids=named)
def test_grey_is_as_bright_as_it_was(tmp_path: Path, how: Film) -> None:
    for size in sizes(how):
        picture = film(tmp_path, grey, size, how)
        assert_shows(picture, grey)
        assert_agrees_with_rgb(picture, (0.6, 2.6))


def test_grey_that_is_stored_with_empty_chroma(tmp_path: Path) -> None:
    picture = film(tmp_path, grey, (160, 96), Film("gray", "libx264", "mp4", X264))
    assert_agrees_with_rgb(picture, (0.6, 1.6))


@pytest.mark.parametrize("how", PACKED, ids=named)
def test_packed_planes_are_as_ffmpeg_gives_them(tmp_path: Path, how: Film) -> None:
    picture = film(tmp_path, shades, (161, 97), how)
    assert picture._frame.format.name == how.pix_fmt
    assert_close(whole(picture), picture.rgb() / 255, (0.01, 0.01))


@pytest.mark.parametrize("color_range", [0, 1, 2])
@pytest.mark.parametrize("colorspace", [1, 2, 5, 6, 9])
@pytest.mark.parametrize(
    "how", [Film("yuv444p", "libx264", "mp4", X264), Film("yuv444p16le", suffix="mkv")], ids=named
)
def test_colour_spaces_and_ranges(
    tmp_path: Path, how: Film, colorspace: int, color_range: int
) -> None:
    """BT.709, untagged (taken for BT.601), BT.601 twice, BT.2020; limited and full range."""
    tagged = Film(
        how.pix_fmt,
        how.codec,
        how.suffix,
        how.options,
        colorspace=colorspace,
        color_range=color_range,
    )
    picture = film(tmp_path, shades, (160, 96), tagged)
    assert picture._frame.colorspace == colorspace
    assert (picture._frame.color_range == 2) == (color_range == 2)
    assert_shows(picture, shades, exact=how.pix_fmt in EXACT)
    assert_agrees_with_rgb(picture, (0.6, 1.7))


def test_colours_that_no_screen_has_stay_within_0_and_1(tmp_path: Path) -> None:
    def glaring(x: Floats, y: Floats) -> Floats:
        return 0.5 + 2.0 * (shades(x, y) - 0.5)

    picture = film(tmp_path, glaring, (160, 96), Film("yuv444p16le", suffix="mkv"))
    square = whole(picture)
    assert square.min() == 0.0
    assert square.max() == 1.0


# --- places --------------------------------------------------------------------------


@pytest.mark.parametrize("aspect", [Fraction(1), Fraction(4, 3)], ids=str)
@pytest.mark.parametrize("matrix", SYMMETRIES, ids=str)
@pytest.mark.parametrize(
    ("how", "size"),
    [
        (Film("yuv422p10le", "libx264", "mp4", X264_10), (136, 240)),
        (Film("yuv420p", "libvpx-vp9", "mp4", VP9), (181, 241)),
        (Film("gbrp", "libvpx-vp9", "mp4", VP9), (181, 241)),
    ],
    ids=["422", "420-odd", "rgb-odd"],
)
def test_spots_are_where_they_were_filmed(
    tmp_path: Path,
    how: Film,
    size: tuple[int, int],
    matrix: tuple[int, int, int, int],
    aspect: Fraction,
) -> None:
    """To 0.1 px, whatever the orientation, subsampling and pixel aspect."""
    turned = Film(how.pix_fmt, how.codec, how.suffix, how.options, matrix=matrix, aspect=aspect)
    width, height = turned.displayed(size)
    places = [
        (0.3 * width + 0.3, 0.3 * height),
        (0.7 * width, 0.4 * height - 0.4),
        (0.4 * width, 0.72 * height + 0.2),
    ]
    picture = film(tmp_path, spots(places), size, turned)
    assert picture.size == (width, height)
    for number, place in enumerate(places):
        near = (place[0] + 2.3, place[1] - 1.1)
        for side, part in (
            (60, region(near, 33.0, 60, 0.7 * number)),
            (31, region(near, 31.0, 31)),
        ):
            assert found(picture, part, side) == pytest.approx(place, abs=0.1)


@pytest.mark.parametrize("aspect", [Fraction(1), Fraction(4, 3)], ids=str)
@pytest.mark.parametrize("matrix", SYMMETRIES, ids=str)
def test_orientations_agree_with_ffmpegs_conversion(
    tmp_path: Path, matrix: tuple[int, int, int, int], aspect: Fraction
) -> None:
    how = Film("yuv444p", "libx264", "mp4", X264, matrix=matrix, aspect=aspect)
    picture = film(tmp_path, shades, (181, 121), how)
    assert_shows(picture, shades)
    assert_agrees_with_rgb(picture, (1.0, 3.0))


@pytest.mark.parametrize("matrix", [UPRIGHT, (0, 1, -1, 0)], ids=str)
@pytest.mark.parametrize("pix_fmt", ["yuv420p", "yuv444p"])
def test_of_interlaced_pictures_the_first_field_is_seen_in_its_place(
    tmp_path: Path, pix_fmt: str, matrix: tuple[int, int, int, int]
) -> None:
    how = Film(pix_fmt, "libx264", "mp4", WOVEN, matrix=matrix, other_field=bright)
    picture = film(tmp_path, shades, (160, 128), how)
    assert picture._frame.interlaced_frame
    assert_shows(picture, shades)
    places = [(50.3, 61.0), (90.0, 80.6)]
    how = Film(pix_fmt, "libx264", "mp4", WOVEN, matrix=matrix, other_field=shades)
    picture = film(tmp_path, spots(places), (160, 128), how)
    for place in places:
        part = region(place, 33.0, 60, 0.4)
        assert found(picture, part, 60) == pytest.approx(place, abs=0.1)


# --- outside -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "how",
    [
        Film("yuv420p", "libx264", "mp4", X264),
        Film("yuv422p10le", "libx264", "mp4", X264_10),
        Film("yuvj420p", "mjpeg", "mov", JPEG, color_range=2),
        Film("gbrp", "libvpx-vp9", "mp4", VP9),
        Film("gray", suffix="mkv"),
        Film("yuv420p", "libx264", "mp4", WOVEN, other_field=bright),
    ],
    ids=lambda how: f"{named(how)}-{'woven' if how.other_field else ''}",
)
@pytest.mark.parametrize("side", [220, 20])
def test_outside_is_black_or_the_edge_again(tmp_path: Path, how: Film, side: int) -> None:
    """Also where the picture is halved first."""
    scene = grey if how.pix_fmt == "gray" else shades
    picture = film(tmp_path, scene, (160, 128), how)
    part = region((80.0, 64.0), 220.0, side)
    reach = 2.0 + 220.0 / side
    x, y = np.moveaxis(seen(lambda x, y: np.stack([x, y], axis=-1), part, side), -1, 0)
    beyond = np.maximum(np.maximum(-x, x - 159), np.maximum(-y, y - 127))

    truth = seen(scene, part, side)
    for black_outside in (True, False):
        inside = picture.sample(part, side, black_outside=black_outside)[beyond < -reach]
        assert_close(inside, truth[beyond < -reach], (1.0, 5.0))
    black = picture.sample(part, side, black_outside=True)
    assert black[beyond > reach].max() < 0.6 / 255

    def held(x: Floats, y: Floats) -> Floats:
        return scene(np.clip(x, 0, 159), np.clip(y, 0, 127))

    repeated = picture.sample(part, side)[beyond > reach]
    assert_close(repeated, seen(held, part, side)[beyond > reach], (3.0, 9.0))


# --- large reductions ----------------------------------------------------------------


REDUCED = [
    Film("yuv420p", suffix="mkv"),
    Film("yuv444p16le", suffix="mkv"),
    Film("gbrp", "libvpx-vp9", "mp4", VP9, matrix=(0, 1, -1, 0)),
    Film("yuv420p", "libx264", "mp4", X264, matrix=(-1, 0, 0, 1), aspect=Fraction(4, 3)),
    Film("yuv420p", "libx264", "mp4", WOVEN, other_field=bright),
]


@pytest.mark.parametrize("how", REDUCED, ids=lambda how: f"{named(how)}-{how.matrix}")
def test_large_reductions_keep_places_and_brightness(tmp_path: Path, how: Film) -> None:
    """From 2 to 32 px of the picture for each of the square's."""
    size = (640, 480) if how.codec == "libx264" else (641, 483)
    place = (330.4, 221.7)
    scene = spots([place], width=60.0)
    picture = film(tmp_path, scene, size, how)
    for turn, side in product((0.0, 0.5, 2.0), (320, 80, 33, 20)):
        part = region((300.0, 250.0), 640.0, side, turn)
        square = picture.sample(part, side)
        step = 640.0 / side
        assert found(picture, part, side) == pytest.approx(place, abs=max(0.2, 0.03 * step))
        brightest = min(1.0, seen(scene, part, side).max())
        assert square.max() == pytest.approx(brightest, abs=0.04)


@pytest.mark.parametrize("how", REDUCED[:3], ids=lambda how: f"{named(how)}-{how.matrix}")
def test_a_part_that_is_halved_is_whole(tmp_path: Path, how: Film) -> None:
    """To its last row and column."""
    picture = film(tmp_path, shades, (641, 483), how)
    width, height = picture.size
    for turn, side in product((0.0, 1.0), (70, 35, 17)):
        part = region((width / 2 + 3, height / 2 - 5), 310.0, side, turn)
        square, truth = picture.sample(part, side), seen(shades, part, side)
        rim = np.pad(np.zeros((side - 2, side - 2), bool), 1, constant_values=True)
        assert_close(square[rim], truth[rim], (3.0, 12.0))


@pytest.mark.parametrize("how", REDUCED[:3], ids=lambda how: f"{named(how)}-{how.matrix}")
@pytest.mark.parametrize("side", [300, 20])
def test_a_square_beside_the_picture(tmp_path: Path, how: Film, side: int) -> None:
    """Nothing of the picture is in it: black, or the nearest corner all over."""
    picture = film(tmp_path, shades, (161, 97), how)
    width, height = picture.size
    for right, below in product((False, True), repeat=2):
        centre = (width + 400.0 if right else -400.0, height + 400.0 if below else -400.0)
        part = region(centre, 300.0, side)
        assert picture.sample(part, side, black_outside=True).max() < 0.6 / 255
        corner = shades(np.array(float(right * (width - 1))), np.array(float(below * (height - 1))))
        square = picture.sample(part, side)
        assert np.ptp(square, axis=(0, 1)).max() < 1e-6
        assert_close(square[0, 0], corner, (2.0, 4.0) if side == 300 else (15.0, 15.0))


def noise(x: Floats, y: Floats) -> Floats:
    """Unlike from pixel to pixel; half grey on the whole."""
    values = np.random.default_rng(5).uniform(0.2, 0.8, np.broadcast(x, y).shape)
    return np.repeat(values[..., None], 3, axis=-1)


def test_single_pixels_are_seen_up_to_4_and_means_above(tmp_path: Path) -> None:
    picture = film(tmp_path, noise, (640, 480), Film("gray", suffix="mkv"))
    spread = {}
    for step in (1.0, 2.0, 3.9, 4.1, 8.1, 16.1):
        side = int(400 / step)
        square = picture.sample(region((320.0, 240.0), 400.0, side), side)
        assert square.mean() == pytest.approx(0.5, abs=0.02)
        spread[step] = float(square.std())
    single = spread[3.9]
    assert single > 0.08
    assert spread[4.1] < 0.6 * single
    assert spread[8.1] < 0.3 * single
    assert spread[16.1] < 0.15 * single


@pytest.mark.parametrize("size", [(96, 64), (100, 96), (97, 61), (8, 8)])
@pytest.mark.parametrize(("name", "top"), [("gray", 255), ("gray10le", 1023)])
def test_a_coarse_picture_has_the_means_of_equal_parts(
    size: tuple[int, int], name: str, top: int
) -> None:
    (width, height), side = size, 8
    values = np.random.default_rng(3).integers(0, top + 1, (height, width))
    stored = values.astype(np.uint8) if top == 255 else values.astype(np.uint16)
    picture = Picture(0.0, av.VideoFrame.from_ndarray(stored, format=name), Orientation(), size)
    each = values.repeat(side, axis=0).repeat(side, axis=1).reshape(side, height, side, width)
    expected = each.mean(axis=(1, 3)) / top
    np.testing.assert_allclose(picture.coarse(side), expected, atol=0.51 / top)
