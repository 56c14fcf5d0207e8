"""Where a clip cuts to another shot, or fades to it, told from coarse pictures.

A cut is a change that is large and sudden: two pictures on each side of it are alike, and
all of those before are unlike all of those after, so that neither a flash nor a camera that
moves is one. In a cross-fade every picture is a mixture of the one before and the one after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from formcheck.video.picture import Picture

    Floats = NDArray[np.float64]

SIDE = 24
"""Pixels on a side of a coarse picture, whatever its shape: a scene, but no detail of it."""
UNLIKE = 0.2
"""One minus the correlation of two pictures, from which they show two scenes."""
SUDDEN = 3.5
"""A cut changes the picture so many times more than what happens before and after it."""
NOISE = 0.004
"""What compression changes from picture to picture, of the brightness there is."""
FADES_S = (0.4, 0.8)
"""How far apart two pictures are between which a fade is looked for."""
FADED = 0.3
"""As `UNLIKE`, for both ends of a fade: slow changes are rarer than cuts."""
MIXED = 0.2
"""A mixture of two pictures is off by less than this share of their difference."""
STEADY = 0.3
"""Before and after a fade, half as long, the picture changes by less than this share of it:
a camera that pans over soft patches of light mixes pictures as well, but goes on."""
SAME_SHAPE = 0.02
"""Proportions that differ by less do so because sides are whole pixels."""
CLEAR = 0.04
"""Ends of a fade differ by this much brightness at least (root mean square)."""


class Shots:
    """Looks at pictures as they pass and tells where shots begin.

    Attributes
    ----------
    cuts_s
        Times of pictures that begin another shot, so far.
    """

    def __init__(self) -> None:
        self._times: list[float] = []
        self._coarse: list[NDArray[np.uint8]] = []
        self._sudden: list[float] = []

    def passing(self, pictures: Iterable[Picture]) -> Iterator[Picture]:
        """The same pictures; those after a cut say that they begin a shot.

        Each waits for the one after it.
        """
        waiting: Picture | None = None
        for picture in pictures:
            self._times.append(picture.t_s)
            self._coarse.append(np.round(255 * picture.coarse(SIDE)).astype(np.uint8))
            if waiting is not None:
                if waiting.begins_shot or (len(self._coarse) >= 4 and is_cut(self._coarse[-4:])):
                    waiting.begins_shot = True
                    self._sudden.append(waiting.t_s)
                yield waiting
                # A phone that is turned shows the same scene from then on, but elsewhere.
                picture.begins_shot = is_other_shape(waiting.shape, picture.shape)
            waiting = picture
        if waiting is not None:
            yield waiting

    @property
    def cuts_s(self) -> tuple[float, ...]:
        """Times of pictures that begin another shot, cuts and middles of fades."""
        if not self._times:
            return ()
        faded = fades(np.array(self._times), np.array(self._coarse))
        apart = max(FADES_S) / 2
        slow = [t for t in faded if all(abs(t - cut) > apart for cut in self._sudden)]
        return tuple(sorted([*self._sudden, *slow]))


def is_other_shape(some: tuple[int, int], other: tuple[int, int], /) -> bool:
    """Whether two pictures, widths and heights, have other proportions: not only other sizes."""
    widths, heights = some[0] * other[1], other[0] * some[1]
    return abs(widths - heights) > SAME_SHAPE * widths


def is_cut(four: Sequence[NDArray[np.uint8]]) -> bool:
    """Whether there is a cut in the middle of four coarse pictures in a row."""
    rows = _rows(np.array(four))
    # Those on the same side, then each one before with each one after.
    some, others = rows[[0, 2, 0, 0, 1, 1]], rows[[1, 3, 2, 3, 2, 3]]
    change = np.abs(some - others).mean(axis=1)
    if change[2:].min() < SUDDEN * (change[:2].max() + NOISE):
        return False
    return bool(unlike(some[2:], others[2:]).min() >= UNLIKE)


def fades(t_s: Floats, coarse: NDArray[np.uint8]) -> list[float]:
    """Middles of fades, seconds.

    Parameters
    ----------
    t_s
        Shape (T,), times of the pictures.
    coarse
        Shape (T, ...), coarse pictures.
    """
    found: list[float] = []
    rows = _rows(coarse)
    clear = CLEAR * np.sqrt(rows.shape[1])
    for apart_s in FADES_S:
        half = max(2, round(apart_s / 2 / float(np.median(np.diff(t_s))))) if len(t_s) > 1 else 2
        middle = np.arange(half, len(t_s) - half)
        middle = middle[_apart(rows, middle - half, middle + half) >= clear]
        middle = middle[unlike(rows[middle - half], rows[middle + half]) >= FADED]
        if not len(middle):
            continue
        first = rows[middle - half]
        way = rows[middle + half] - first
        length = np.linalg.norm(way, axis=1)
        shares, off = [], []
        for step in (-(half // 2), 0, half // 2):
            gone = rows[middle + step] - first
            share = (gone * way).sum(axis=1) / length**2
            shares.append(share)
            off.append(np.linalg.norm(gone - share[:, None] * way, axis=1) / length)
        beyond = [
            _apart(rows, np.clip(middle + 2 * end, 0, len(t_s) - 1), middle + end)
            for end in (-half, half)
        ]
        mixed = (np.max(off, axis=0) <= MIXED) & (np.diff(shares, axis=0) > 0.1).all(axis=0)
        mixed &= np.max(beyond, axis=0) <= STEADY * length
        from_middle = np.where(mixed, np.abs(shares[1] - 0.5), np.inf)
        for number in np.argsort(from_middle, kind="stable"):
            t = float(t_s[middle[number]])
            if from_middle[number] > 0.3:
                break
            if all(abs(t - other) > max(FADES_S) for other in found):
                found.append(t)
    return sorted(found)


def _apart(rows: Floats, some: NDArray[np.intp], others: NDArray[np.intp]) -> Floats:
    """Shape (N,): how far some rows are from others, by their numbers."""
    return np.asarray(np.linalg.norm(rows[some] - rows[others], axis=1))


def unlike(some: Floats, others: Floats) -> Floats:
    """Shape (N,): one minus the correlation of pictures (N, ...) with others; of blank ones 1.

    It does not see that a picture became brighter or darker.
    """
    pair = [part - part.mean(axis=1, keepdims=True) for part in (some, others)]
    lengths = np.linalg.norm(pair[0], axis=1) * np.linalg.norm(pair[1], axis=1)
    return np.asarray(1 - (pair[0] * pair[1]).sum(axis=1) / np.maximum(lengths, 1e-9))


def _rows(coarse: NDArray[np.uint8]) -> Floats:
    """Shape (T, pixels), brightness in 0..1."""
    return np.asarray(coarse.reshape(len(coarse), -1) / np.float64(255))
