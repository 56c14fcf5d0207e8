"""A track as a file: packed with the key of everything that it depends on."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from formcheck.errors import FormcheckError
from formcheck.pose.track import PoseTrack
from formcheck.pose.tracker import TRACKER_VERSION, TrackedVideo, TrackSettings
from formcheck.video import VideoInfo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

_NO_TRACK = (EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile, zlib.error)
"""What reading something else than a stored track ends with."""
_ARRAYS = ("t_s", "xy_px", "world_m", "visibility")


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
        [TRACKER_VERSION, video_sha256, model_sha256, asdict(settings)], sort_keys=True
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
    video = facts["video"] | {
        "warnings": tuple((code, text) for code, text in facts["video"]["warnings"])
    }
    width, height = facts["frame_wh"]
    t_s, xy_px, world_m, visibility = (stored[name] for name in _ARRAYS)
    track = PoseTrack(t_s, xy_px, world_m, visibility, (width, height))
    counts = (int(facts[name]) for name in ("people", "switches", "measured"))
    return TrackedVideo(VideoInfo(**video), track, *counts)


def renamed(tracked: TrackedVideo, path: Path, /) -> TrackedVideo:
    """A stored track under the name its video has now."""
    return replace(tracked, video=replace(tracked.video, path=str(path)))
