"""Keep tracks on disk, so that scoring a clip again is instant.

The key is the video's content, the model's content and everything else the
track depends on; a renamed or copied clip is found, a changed one is not. The
folder follows the platform's convention and is kept below a size limit by
dropping what was used longest ago. A kept track says itself what it was made from.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import zipfile
import zlib
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from platformdirs import user_cache_path

from formcheck.errors import FormcheckError
from formcheck.files import replacing
from formcheck.pose.track import PoseTrack
from formcheck.pose.tracker import TRACKER_VERSION, TrackedVideo, TrackSettings
from formcheck.video import VideoInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray


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


_NO_TRACK = (EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile, zlib.error)
"""What reading something else than a stored track ends with."""
_ARRAYS = ("t_s", "xy_px", "world_m", "visibility", "certainty")


class StoredTrackError(FormcheckError):
    """A file is not a stored track, or one of another clip, model or setting."""


class TrackStore(Protocol):
    """Something that keeps tracks."""

    def load(
        self, video_sha256: str, model_sha256: str, settings: TrackSettings
    ) -> TrackedVideo | None:
        """The kept track, or None."""

    def store(
        self, video_sha256: str, model_sha256: str, settings: TrackSettings, tracked: TrackedVideo
    ) -> None:
        """Keep a track."""


def track_key(video_sha256: str, model_sha256: str, settings: TrackSettings) -> str:
    """Hash of the video's content, the model's content and everything else a track depends on."""
    key = json.dumps(
        [TRACKER_VERSION, video_sha256, model_sha256, settings.facts()], sort_keys=True
    )
    return hashlib.sha256(key.encode()).hexdigest()


def track_bytes(tracked: TrackedVideo, key: str) -> bytes:
    """A track as the bytes of an ``.npz`` file; the same track gives the same bytes."""
    facts = {
        "key": key,
        "video": asdict(tracked.video),
        "people": tracked.people,
        "switches": tracked.switches,
        "measured": tracked.measured,
        "frame_wh": tracked.track.frame_wh,
        "cuts_s": tracked.track.cuts_s,
    }
    arrays = {name: getattr(tracked.track, name) for name in _ARRAYS}
    packed = io.BytesIO()
    np.savez_compressed(packed, allow_pickle=False, facts=json.dumps(facts), **arrays)
    return packed.getvalue()


def read_track(source: Path | bytes, key: str | None = None) -> TrackedVideo:
    """A track from its file, or the file's bytes.

    Parameters
    ----------
    source
        What `track_bytes` made.
    key
        What the track must have been made from; None takes any.

    Raises
    ------
    StoredTrackError
        If it is not a stored track, or not the one asked for.
    OSError
        If the file cannot be opened.
    """
    content = source if isinstance(source, bytes) else source.read_bytes()
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            facts = json.loads(str(stored["facts"]))
            tracked = _unpack(facts, stored)
            found = facts["key"]
    except _NO_TRACK as error:
        raise StoredTrackError("Expected a stored track, got something else.") from error
    if key not in (None, found):
        raise StoredTrackError("The stored track belongs to another clip, model or setting.")
    return tracked


def stored_video_sha256(file: Path) -> str | None:
    """Of which clip a stored track is, without reading all of it; None if it is not one."""
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
            return str(json.loads(str(stored["facts"]))["video"]["sha256"])
    except (OSError, *_NO_TRACK):
        return None


def _unpack(facts: Mapping[str, Any], stored: Mapping[str, NDArray[Any]]) -> TrackedVideo:
    video = facts["video"]
    if any(isinstance(numbers, str) for _, numbers in video["warnings"]):
        raise ValueError("kept with the words of a language")
    warnings = tuple((code, tuple(numbers)) for code, numbers in video["warnings"])
    video |= {"warnings": warnings, "pieces": tuple(map(tuple, video.get("pieces", [(0.0, 0.0)])))}
    width, height = facts["frame_wh"]
    t_s, xy_px, world_m, visibility, certainty = (stored[name] for name in _ARRAYS)
    cuts_s = tuple(float(t) for t in facts["cuts_s"])
    track = PoseTrack(t_s, xy_px, world_m, visibility, (width, height), certainty, cuts_s)
    counts = (int(facts[name]) for name in ("people", "switches", "measured"))
    return TrackedVideo(VideoInfo(**video), track, *counts)


def renamed(tracked: TrackedVideo, path: Path, /) -> TrackedVideo:
    """A stored track under the name its video has now."""
    return replace(tracked, video=replace(tracked.video, path=str(path)))
