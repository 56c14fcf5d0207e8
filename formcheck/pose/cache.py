"""Keep tracks on disk, so that scoring a clip again is instant.

The key is the video's content, the model's content and everything else the
track depends on; a renamed or copied clip is found, a changed one is not. The
folder follows the platform's convention and is kept below a size limit by
dropping what was used longest ago.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from formcheck.files import replacing
from formcheck.pose.stored import (
    StoredTrackError,
    read_track,
    stored_video_sha256,
    track_bytes,
    track_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from formcheck.pose.tracker import TrackedVideo, TrackSettings

DEFAULT_LIMIT_BYTES = 1_000_000_000
FOLDER_VARIABLE = "FORMCHECK_CACHE"
PRIVATE = 0o600
"""Mode of the files: how somebody moves is nobody else's business."""


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

    def load(
        self, video_sha256: str, model_sha256: str, settings: TrackSettings
    ) -> TrackedVideo | None:
        """The stored track, or None."""
        key = track_key(video_sha256, model_sha256, settings)
        path = self.folder / f"{key}.npz"
        try:
            tracked = read_track(path, key)
            os.utime(path)
        except (OSError, StoredTrackError):
            return None
        return tracked

    def store(
        self, video_sha256: str, model_sha256: str, settings: TrackSettings, tracked: TrackedVideo
    ) -> None:
        """Keep a track; it appears whole or not at all."""
        key = track_key(video_sha256, model_sha256, settings)
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with replacing(self.folder / f"{key}.npz", mode=PRIVATE) as (part,):
                part.write_bytes(track_bytes(tracked, key))
            self._shrink()

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        for file in self.folder.glob("*.npz"):
            with suppress(OSError):
                facts = file.stat()
                if stat.S_ISREG(facts.st_mode):
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

    def forget(self, *video_sha256: str) -> int:
        """Delete every stored track of these clips; returns how many there were."""
        files = [f for _, _, f in self._entries() if stored_video_sha256(f) in video_sha256]
        for file in files:
            file.unlink(missing_ok=True)
        return len(files)
