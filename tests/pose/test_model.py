from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs
import pytest

from formcheck.errors import ModelError
from formcheck.pose.model import bundled_path, load_model
from formcheck.pose.native import import_mediapipe, quiet_stderr
from formcheck.video import VideoReader
from models import build

if TYPE_CHECKING:
    from formcheck.video import Frame

MODELS = Path(build.__file__).parent


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that the bundle is made from, downloaded once per machine."""
    cache = platformdirs.user_cache_path("formcheck") / "test-wheels"
    known = next(cache.glob("mediapipe-*.whl"), None)
    if known is not None:
        return known
    try:
        fetched = build.fetch_wheel(tmp_path_factory.mktemp("wheel"))
    except subprocess.CalledProcessError:
        pytest.skip(f"the wheel {build.WHEEL} cannot be downloaded")
    cache.mkdir(parents=True, exist_ok=True)
    return Path(shutil.move(fetched, cache / fetched.name))


def landmarks(bundle: Path, frames: list[Frame]) -> list[list[Any]]:
    """Everything the network says about each picture, unrounded."""
    mediapipe = import_mediapipe()
    vision = mediapipe.tasks.vision
    options = vision.PoseLandmarkerOptions(
        base_options=mediapipe.tasks.BaseOptions(model_asset_path=str(bundle)),
        running_mode=vision.RunningMode.VIDEO,
    )
    seen = []
    with quiet_stderr(), vision.PoseLandmarker.create_from_options(options) as landmarker:
        for frame in frames:
            image = mediapipe.Image(
                image_format=mediapipe.ImageFormat.SRGB,
                data=frame.image,
            )
            found = landmarker.detect_for_video(image, round(frame.t_s * 1000))
            seen.append(
                [
                    (mark.x, mark.y, mark.z, mark.visibility, mark.presence)
                    for body in (*found.pose_landmarks, *found.pose_world_landmarks)
                    for mark in body
                ]
            )
    return seen


def test_landmarks_are_bit_identical_without_the_mask(
    wheel: Path, sample_clip: Path, tmp_path: Path
) -> None:
    networks = build.read_networks(wheel)
    unpruned = tmp_path / "with_mask.task"
    unpruned.write_bytes(
        build.bundle(
            {
                "pose_detector.tflite": networks[build.DETECTOR],
                "pose_landmarks_detector.tflite": build.prepare_landmarks(
                    networks[build.LANDMARKS], keep_mask=True
                ),
            }
        )
    )
    with VideoReader(sample_clip) as reader:
        frames = list(reader.frames(rate_hz=30, end_s=3.0))
    shipped = landmarks(bundled_path(), frames)
    assert shipped == landmarks(unpruned, frames)
    assert sum(len(marks) == 66 for marks in shipped) > 0.9 * len(frames)


def test_the_shipped_bundle_is_what_the_script_builds(wheel: Path) -> None:
    assert build.build(wheel) == build.BUNDLE.read_bytes()


def test_the_readme_names_the_shipped_bundle() -> None:
    assert load_model().sha256 in (MODELS / "README.md").read_text()


def test_the_readme_names_the_networks_it_is_made_from() -> None:
    text = (MODELS / "README.md").read_text()
    assert build.WHEEL in text
    for name, digest in build.SHA256.items():
        assert name in text
        assert digest in text


def test_a_changed_network_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in build.SHA256:
            archive.writestr(name, b"something else")
    with pytest.raises(SystemExit, match="expected sha256"):
        build.read_networks(path)


def test_members_of_the_bundle_are_stored_on_aligned_offsets() -> None:
    data = build.BUNDLE.read_bytes()
    with zipfile.ZipFile(build.BUNDLE) as archive:
        for entry in archive.infolist():
            assert entry.compress_type == zipfile.ZIP_STORED
            start = data.index(archive.read(entry))
            assert start % build.ALIGNMENT == 0


def test_the_shipped_bundle_loads() -> None:
    model = load_model()
    assert model.name == "pose_full"
    assert model.path == bundled_path()
    assert model.sha256 == hashlib.sha256(model.path.read_bytes()).hexdigest()


def test_a_missing_bundle(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"There is no pose model .*gone\.task"):
        load_model(tmp_path / "gone.task")


def test_something_else_than_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "text.task"
    path.write_text("not an archive")
    with pytest.raises(ModelError, match=r"text\.task is not a pose bundle"):
        load_model(path)


def test_an_archive_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "hand.task"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hand_detector.tflite", b"")
    with pytest.raises(ModelError, match=r"hand\.task: expected .*pose_detector"):
        load_model(path)


def test_a_replaced_bundle_is_hashed_again(tmp_path: Path) -> None:
    path = tmp_path / "own.task"
    hashes = set()
    for content in (b"one", b"two"):
        path.write_bytes(
            build.bundle({"pose_detector.tflite": content, "pose_landmarks_detector.tflite": b""})
        )
        hashes.add(load_model(path).sha256)
    assert len(hashes) == 2
