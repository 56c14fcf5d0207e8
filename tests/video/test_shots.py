"""Where clips cut or fade, on scenes that are drawn and encoded here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from formcheck.video import VideoReader
from formcheck.video.shots import Shots
from tests.helpers.clips import Encoding, encode

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Image = NDArray[np.uint8]

FPS = 30
WIDTH, HEIGHT = 160, 96


def scene(seed: int, width: int = WIDTH) -> Image:
    """A room of soft patches of brightness."""
    patches = np.random.default_rng(seed).integers(30, 226, (6, 10), dtype=np.uint8)
    grey = cv2.resize(patches, (width, HEIGHT), interpolation=cv2.INTER_CUBIC)
    return np.repeat(grey[..., None], 3, axis=2)


def with_somebody(image: Image, number: int) -> Image:
    """A dark body that goes up and down by a fifth of the picture in two seconds."""
    image = image.copy()
    top = round(HEIGHT * (0.3 + 0.1 * np.sin(np.pi * number / FPS)))
    image[top : top + 50, 70:90] = 15
    return image


def times_of_cuts(path: Path, images: list[Image]) -> tuple[tuple[float, ...], list[float]]:
    """Cuts and fades, and the pictures that said that they begin a shot."""
    encode(path, images, Encoding(fps=FPS))
    shots = Shots()
    with VideoReader(path) as reader:
        began = [p.t_s for p in shots.passing(reader.pictures(rate_hz=FPS)) if p.begins_shot]
    return shots.cuts_s, began


def filmed(seed: int, count: int) -> list[Image]:
    return [with_somebody(scene(seed), number) for number in range(count)]


def test_cuts_are_found_where_they_are(tmp_path: Path) -> None:
    images = filmed(1, 30) + filmed(2, 45) + filmed(1, 30)
    cuts, began = times_of_cuts(tmp_path / "cuts.mp4", images)
    assert cuts == pytest.approx([1.0, 2.5], abs=1e-3)
    assert began == list(cuts)


@pytest.mark.parametrize("frames", [12, 18])
def test_a_cross_fade_is_one_break(tmp_path: Path, frames: int) -> None:
    shares = (np.arange(frames) + 1) / (frames + 1)
    one, other = filmed(1, 30 + frames), filmed(2, frames + 30)
    pairs = zip(shares, one[30:], other, strict=False)
    mixed = [((1 - s) * a + s * b).astype(np.uint8) for s, a, b in pairs]
    cuts, began = times_of_cuts(tmp_path / "fade.mp4", one[:30] + mixed + other[frames:])
    assert cuts == pytest.approx([1.0 + frames / FPS / 2], abs=0.1)
    assert not began


def test_a_fade_to_black_is_a_break(tmp_path: Path) -> None:
    darker = [(scene(1) * (1 - n / 15)).astype(np.uint8) for n in range(15)]
    cuts, _ = times_of_cuts(tmp_path / "black.mp4", filmed(1, 30) + darker + [0 * scene(1)] * 30)
    assert len(cuts) == 1
    assert 1.0 < cuts[0] < 1.6


def test_what_is_no_cut(tmp_path: Path) -> None:
    wide = scene(3, 4 * WIDTH)
    still = filmed(1, 60)
    flash = list(still)
    flash[30] = np.full_like(flash[30], 250)
    brighter = [np.clip(i.astype(int) + (40 if n > 30 else 0), 0, 255) for n, i in enumerate(still)]
    caption = list(still)
    for number in range(30, 60):
        caption[number] = caption[number].copy()
        caption[number][82:90, 40:120] = 255
    moves = {
        "still": still,
        "flash": flash,
        "exposure": [i.astype(np.uint8) for i in brighter],
        "pan": [wide[:, 4 * n : 4 * n + WIDTH] for n in range(60)],
        "caption": caption,
        "frozen": [still[n // 6 * 6] for n in range(60)],
    }
    for name, images in moves.items():
        assert times_of_cuts(tmp_path / f"{name}.mp4", images)[0] == (), name


def test_a_clip_without_pictures_has_no_shots() -> None:
    shots = Shots()
    assert list(shots.passing([])) == []
    assert shots.cuts_s == ()
