"""Where the pose bundle is, and what it is."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path

from formcheck.errors import ModelError

BUNDLE = "pose_full.task"
_PACKAGE = Path(__file__).resolve().parents[1]
_MEMBERS = {"pose_detector.tflite", "pose_landmarks_detector.tflite"}


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
    """

    name: str
    path: Path
    sha256: str


def bundled_path() -> Path:
    """The bundle that came with formcheck (wheel, or source checkout)."""
    installed = _PACKAGE / "models" / BUNDLE
    return installed if installed.exists() else _PACKAGE.parent / "models" / BUNDLE


def load_model(path: Path | None = None) -> PoseModel:
    """Check a bundle and hash it.

    Parameters
    ----------
    path
        A ``.task`` file; None for the one that came with formcheck.

    Raises
    ------
    ModelError
        If the file is missing or not a pose bundle.
    """
    path = (path or bundled_path()).resolve()
    if not path.is_file():
        raise ModelError(f"There is no pose model {path}.")
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
    except zipfile.BadZipFile as error:
        raise ModelError(f"{path.name} is not a pose bundle (.task archive).") from error
    if not members >= _MEMBERS:
        raise ModelError(
            f"{path.name}: expected a pose bundle with {sorted(_MEMBERS)}, got {sorted(members)}."
        )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return PoseModel(path.stem, path, digest)
