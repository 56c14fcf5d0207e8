"""Where the pose bundles are, and what they are."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from formcheck.errors import ModelError

_PACKAGE = Path(__file__).resolve().parents[1]
_DETECTOR = "pose_detector.tflite"
_LANDMARKS = "pose_landmarks_detector.tflite"
_IDENTIFIER = b"TFL3"
"""What stands at bytes 4 to 7 of a TFLite network."""
_DAMAGED = (OSError, EOFError, zipfile.BadZipFile, RuntimeError, ValueError)
"""What reading a damaged archive raises: wrong bytes can also say "encrypted" (RuntimeError)
or a name that does not decode (ValueError)."""


class Quality(StrEnum):
    """Which of the landmark networks that come with formcheck.

    All three see the same picture of 256 by 256 pixels and give the same set of
    landmarks; they differ in how well they place them, and in time:

    - ``FAST``: BlazePose lite, about half the network time of ``STANDARD``;
    - ``STANDARD``: BlazePose full;
    - ``BEST``: BlazePose heavy, four to five times the network time of ``STANDARD``.
    """

    FAST = "fast"
    STANDARD = "standard"
    BEST = "best"


_BUNDLES = {
    Quality.FAST: "pose_lite.task",
    Quality.STANDARD: "pose_full.task",
    Quality.BEST: "pose_heavy.task",
}
_QUALITIES = {
    "1d26c872fdcbb8027c6117d1e885ad326c51af23582f5b95ca449ba20a5f9521": Quality.FAST,
    "986ad6d22ad458db5c1375d652e4486b801c85da8d94352de1f87322a4eb4395": Quality.STANDARD,
    "7fd5aa8983938efda1018f4c5991cf6e93c83c04e210fccb0f235f9e375453af": Quality.BEST,
}
"""By hash: a bundle is hashed anyway, and a copy elsewhere is the same network."""


@dataclass(frozen=True)
class PoseModel:
    """A pose bundle on disk.

    Attributes
    ----------
    name
        File name without its suffix.
    path
        The ``.task`` file.
    sha256
        Hash of its content.
    quality
        Which of formcheck's own bundles it is; None for another one.
    """

    name: str
    path: Path
    sha256: str
    quality: Quality | None = None

    def networks(self) -> tuple[bytes, bytes]:
        """Both networks as TFLite files: what finds a person, and what places the landmarks.

        Read anew at each call, for they are large and needed only once.

        Raises
        ------
        ModelError
            If the bundle is damaged, or can no longer be read.
        """
        try:
            with zipfile.ZipFile(self.path) as archive:
                detector, landmarks = (
                    self._network(archive, member) for member in (_DETECTOR, _LANDMARKS)
                )
        except (KeyError, *_DAMAGED) as error:
            raise ModelError(f"The pose model {self.path} is damaged or unreadable.") from error
        return detector, landmarks

    def _network(self, archive: zipfile.ZipFile, member: str) -> bytes:
        """A member of the archive; reading it to the end checks its CRC."""
        if archive.getinfo(member).compress_type != zipfile.ZIP_STORED:
            raise ModelError(f"{self.path.name}: expected {member} stored, got it compressed.")
        data = archive.read(member)
        if data[4:8] != _IDENTIFIER:
            raise ModelError(
                f"{self.path.name}: expected a TFLite network in {member}, got something else."
            )
        return data


ModelSource = Path | Quality | PoseModel
"""What names a pose bundle."""


def bundled_path(quality: Quality = Quality.STANDARD) -> Path:
    """A bundle that came with formcheck (wheel, or source checkout)."""
    installed = _PACKAGE / "models" / _BUNDLES[quality]
    return installed if installed.exists() else _PACKAGE.parent / "models" / _BUNDLES[quality]


def quality_of(sha256: str) -> Quality | None:
    """Which of formcheck's own bundles has this hash; None if none has."""
    return _QUALITIES.get(sha256)


def model_source(model: ModelSource | str, /) -> ModelSource:
    """A quality, or a file, that was given by its name."""
    if not isinstance(model, str):
        return model
    return Quality(model) if model in tuple(Quality) else Path(model)


def load_model(source: ModelSource = Quality.STANDARD) -> PoseModel:
    """Check a bundle and hash it.

    Parameters
    ----------
    source
        One that came with formcheck, by its quality, or a ``.task`` file. A bundle that
        was loaded before is handed back.

    Raises
    ------
    ModelError
        If the file is missing or not a pose bundle.
    """
    if isinstance(source, PoseModel):
        return source
    path = (bundled_path(source) if isinstance(source, Quality) else source).resolve()
    if not path.is_file():
        raise ModelError(f"There is no pose model {path}.")
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
    except _DAMAGED as error:
        raise ModelError(
            f"{path.name} is not a pose bundle (.task archive) that can be read."
        ) from error
    if not members >= {_DETECTOR, _LANDMARKS}:
        raise ModelError(
            f"{path.name}: expected a pose bundle with {sorted((_DETECTOR, _LANDMARKS))}, "
            f"got {sorted(members)}."
        )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return PoseModel(path.stem, path, digest, quality_of(digest))
