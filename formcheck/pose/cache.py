"""Keep tracks on disk, so that scoring a clip again is instant.

The key is the video's content, the model's content and everything else the
track depends on; a renamed or copied clip is found, a changed one is not. The
folder follows the platform's convention and is kept below a size limit by
dropping what was used longest ago.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from platformdirs import user_cache_path

from formcheck.pose.track import PoseTrack
from formcheck.pose.tracker import TRACKER_VERSION, TrackedVideo, TrackSettings
from formcheck.video import VideoInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

DEFAULT_LIMIT_BYTES = 1_000_000_000
FOLDER_VARIABLE = "FORMCHECK_CACHE"
_ARRAYS = ("t_s", "xy_px", "world_m", "visibility")


def default_folder() -> Path:
    """The cache folder: ``FORMCHECK_CACHE``, else the platform's user cache."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else user_cache_path("formcheck", appauthor=False) / "tracks"


class TrackCache:
    """Tracks in a folder, newest use last.

    Parameters
    ----------
    folder
        Where; None for the default folder.
    limit_bytes
        Size above which the tracks used longest ago are dropped.

    Notes
    -----
    A cache that cannot be read or written is never an error: the clip is
    tracked again.
    """

    def __init__(
        self, folder: Path | None = None, *, limit_bytes: int = DEFAULT_LIMIT_BYTES
    ) -> None:
        self.folder = folder or default_folder()
        self.limit_bytes = limit_bytes

    def _file(self, video_sha256: str, model_sha256: str, settings: TrackSettings) -> Path:
        key = json.dumps(
            [TRACKER_VERSION, video_sha256, model_sha256, asdict(settings)], sort_keys=True
        )
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()}.npz"

    def load(
        self, video_sha256: str, model_sha256: str, settings: TrackSettings
    ) -> TrackedVideo | None:
        """The stored track, or None."""
        path = self._file(video_sha256, model_sha256, settings)
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                tracked = _unpack(stored)
            os.utime(path)
        except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile, zlib.error):
            return None
        return tracked

    def store(
        self, video_sha256: str, model_sha256: str, settings: TrackSettings, tracked: TrackedVideo
    ) -> None:
        """Keep a track; it appears whole or not at all."""
        facts = {
            "video": asdict(tracked.video),
            "people": tracked.people,
            "switches": tracked.switches,
            "frame_wh": tracked.track.frame_wh,
        }
        arrays = {name: getattr(tracked.track, name) for name in _ARRAYS}
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self.folder, suffix=".part")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    np.savez_compressed(file, allow_pickle=False, facts=json.dumps(facts), **arrays)
                Path(name).replace(self._file(video_sha256, model_sha256, settings))
            finally:
                Path(name).unlink(missing_ok=True)
            self._shrink()

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        for file in self.folder.glob("*.npz"):
            with suppress(OSError):
                facts = file.stat()
                yield facts.st_mtime, facts.st_size, file

    def size_bytes(self) -> int:
        """How much the cache holds."""
        return sum(size for _, size, _ in self._entries())

    def _shrink(self) -> None:
        total = self.size_bytes()
        for _, size, file in sorted(self._entries()):
            if total <= self.limit_bytes:
                return
            file.unlink(missing_ok=True)
            total -= size

    def clear(self) -> int:
        """Delete every stored track; returns how many there were."""
        files = [file for _, _, file in self._entries()]
        for file in files:
            file.unlink(missing_ok=True)
        return len(files)


def _unpack(stored: Mapping[str, NDArray[Any]]) -> TrackedVideo:
    facts = json.loads(str(stored["facts"]))
    video = facts["video"]
    video["warnings"] = tuple((code, text) for code, text in video["warnings"])
    width, height = facts["frame_wh"]
    t_s, xy_px, world_m, visibility = (stored[name] for name in _ARRAYS)
    track = PoseTrack(t_s, xy_px, world_m, visibility, (width, height))
    return TrackedVideo(VideoInfo(**video), track, facts["people"], facts["switches"])


def renamed(tracked: TrackedVideo, path: Path, /) -> TrackedVideo:
    """A stored track under the name its video has now."""
    return replace(tracked, video=replace(tracked.video, path=str(path)))
