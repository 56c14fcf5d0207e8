"""Tracking in processes of their own, so that several clips are tracked at once."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

from formcheck import analyze
from formcheck.pose.cache import TrackCache

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

AT_ONCE = 2


def track(folder: Path, clip: Path) -> None:
    """Put the track of one clip into the cache."""
    analyze(clip, cache=TrackCache(folder))


def track_all(clips: Sequence[Path], folder: Path) -> None:
    """Put the tracks of some clips into the cache."""
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as pool:
        list(pool.map(partial(track, folder), clips))
