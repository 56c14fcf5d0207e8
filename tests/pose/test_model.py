from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import platformdirs
import pytest

from formcheck.errors import ModelError
from formcheck.pose.engine import quiet_stderr
from formcheck.pose.model import PoseModel, Quality, bundled_path, load_model
from formcheck.pose.reference import import_mediapipe
from formcheck.video import VideoReader
from models import build

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.video import Frame

MODELS = Path(build.__file__).parent
NETWORKS = {Quality.FAST: "lite", Quality.STANDARD: "full", Quality.BEST: "heavy"}
MEMBERS = ("pose_detector.tflite", "pose_landmarks_detector.tflite")
TINY = b"\0\0\0\0TFL3 and so on"


class Sources(NamedTuple):
    """The packages that the bundles are made from."""

    wheel: Path
    npm: Path

    def build(self, name: str, *, keep_mask: bool = False) -> bytes:
        return build.build(name, wheel=self.wheel, npm=self.npm, keep_mask=keep_mask)


def fetched(
    fetch: Callable[[Path], Path],
    package: str,
    pattern: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A package that the bundles are made from, downloaded once per machine."""
    cache = platformdirs.user_cache_path("formcheck") / "test-packages"
    known = next(cache.glob(pattern), None)
    if known is not None:
        return known
    try:
        got = fetch(tmp_path_factory.mktemp("package"))
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        pytest.skip(f"{package} cannot be downloaded ({error})")
    cache.mkdir(parents=True, exist_ok=True)
    return Path(shutil.move(got, cache / got.name))


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    wheel = fetched(build.fetch_wheel, build.WHEEL, "mediapipe-*.whl", tmp_path_factory)
    npm = fetched(build.fetch_npm, build.NPM, "mediapipe-pose-*.tgz", tmp_path_factory)
    return Sources(wheel, npm)


def tiny_bundle(path: Path, *, landmarks: bytes = TINY) -> PoseModel:
    """A bundle of next to nothing."""
    path.write_bytes(build.bundle(dict(zip(MEMBERS, (TINY, landmarks), strict=True))))
    return load_model(path)


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


@pytest.mark.parametrize("quality", Quality)
def test_landmarks_are_bit_identical_without_the_mask(
    quality: Quality, sources: Sources, sample_clip: Path, tmp_path: Path
) -> None:
    unpruned = tmp_path / "with_mask.task"
    unpruned.write_bytes(sources.build(NETWORKS[quality], keep_mask=True))
    with VideoReader(sample_clip) as reader:
        frames = list(reader.frames(rate_hz=15, end_s=2.0))
    shipped = landmarks(bundled_path(quality), frames)
    assert shipped == landmarks(unpruned, frames)
    assert sum(len(marks) == 66 for marks in shipped) > 0.9 * len(frames)


@pytest.mark.parametrize("name", NETWORKS.values())
def test_the_shipped_bundle_is_what_the_script_builds(name: str, sources: Sources) -> None:
    assert sources.build(name) == build.bundle_path(name).read_bytes()


def test_the_script_says_which_bundle_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pose_lite.task"
    assert not build.check(path, TINY)
    build.write(path, TINY)
    assert build.check(path, TINY)
    assert not build.check(path, TINY + b"!")
    said = capsys.readouterr().out.splitlines()
    words = ["differs", "wrote pose_lite.task: 18 bytes", "pose_lite.task is what", "differs"]
    assert len(said) == len(words)
    assert all(word in line for word, line in zip(words, said, strict=True))


@pytest.mark.parametrize("quality", Quality)
def test_the_readme_names_the_shipped_bundles(quality: Quality) -> None:
    model = load_model(quality)
    rows = [line for line in (MODELS / "README.md").read_text().splitlines() if "|" in line]
    assert any(model.path.name in row and quality in row and model.sha256 in row for row in rows)


def test_the_readme_names_the_networks_they_are_made_from() -> None:
    text = (MODELS / "README.md").read_text()
    assert build.WHEEL in text
    assert build.NPM in text
    for name, digest in build.SHA256.items():
        assert name in text
        assert digest in text


def test_a_changed_network_is_refused(tmp_path: Path) -> None:
    wheel, npm = tmp_path / "other.whl", tmp_path / "other.tgz"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(build.DETECTOR, b"something else")
    with tarfile.open(npm, "w:gz") as package:
        for member in build.LANDMARKS.values():
            package.addfile(tarfile.TarInfo(member))
    with pytest.raises(SystemExit, match=r"pose_detection\.tflite: expected sha256 9ba9"):
        build.read_detector(wheel)
    for name, member in build.LANDMARKS.items():
        with pytest.raises(SystemExit, match=rf"_{name}\.tflite: expected sha256 .*got e3b0"):
            build.read_landmarks(npm, name)
        assert member.endswith(f"_{name}.tflite")


@pytest.mark.parametrize("name", NETWORKS.values())
def test_members_of_the_bundle_are_stored_on_aligned_offsets(name: str) -> None:
    data = build.bundle_path(name).read_bytes()
    with zipfile.ZipFile(build.bundle_path(name)) as archive:
        for entry in archive.infolist():
            assert entry.compress_type == zipfile.ZIP_STORED
            start = data.index(archive.read(entry))
            assert start % build.ALIGNMENT == 0


@pytest.mark.parametrize("quality", Quality)
def test_the_shipped_bundles_load(quality: Quality) -> None:
    model = load_model(quality)
    assert model.name == f"pose_{NETWORKS[quality]}"
    assert model.path == bundled_path(quality) == build.bundle_path(NETWORKS[quality])
    assert model.sha256 == hashlib.sha256(model.path.read_bytes()).hexdigest()
    assert model.quality is quality


def test_standard_is_what_is_used_unless_told() -> None:
    assert load_model() == load_model(Quality.STANDARD)
    assert bundled_path() == bundled_path(Quality.STANDARD)


def test_a_path_to_one_of_them_is_that_one() -> None:
    model = load_model(bundled_path(Quality.FAST))
    assert model.name == "pose_lite"
    assert model.quality is Quality.FAST


def test_a_copy_is_recognised_and_another_bundle_is_not(tmp_path: Path) -> None:
    copy = Path(shutil.copy(bundled_path(Quality.FAST), tmp_path / "copy.task"))
    assert load_model(copy).quality is Quality.FAST
    assert tiny_bundle(tmp_path / "pose_lite.task").quality is None


@pytest.mark.parametrize("quality", Quality)
def test_networks_come_out_of_the_bundle(quality: Quality) -> None:
    model = load_model(quality)
    with zipfile.ZipFile(model.path) as archive:
        assert model.networks() == tuple(archive.read(member) for member in MEMBERS)
    for data in model.networks():
        assert data[4:8] == b"TFL3"


def test_all_bundles_find_the_person_with_the_same_network() -> None:
    assert len({load_model(quality).networks()[0] for quality in Quality}) == 1


def test_a_flipped_bit_is_noticed(tmp_path: Path) -> None:
    path = Path(shutil.copy(bundled_path(Quality.FAST), tmp_path / "flipped.task"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    model = load_model(path)
    assert model.quality is None
    with pytest.raises(ModelError, match=r"flipped\.task is damaged or unreadable\.$"):
        model.networks()


def test_damage_anywhere_is_refused_or_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "damaged.task"
    model = tiny_bundle(path)
    whole, networks = path.read_bytes(), model.networks()
    cut = [whole[:size] for size in range(0, len(whole), 7)]
    wrong = [whole[:at] + b"\xff" + whole[at + 1 :] for at in range(len(whole))]
    for data in cut + wrong:
        path.write_bytes(data)
        for read in (model.networks, lambda: load_model(path).networks()):
            with suppress(ModelError):
                assert read() == networks


def test_a_name_that_does_not_decode(tmp_path: Path) -> None:
    path = tmp_path / "named.task"
    model = tiny_bundle(path)
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 9] |= 0x08  # says that the name is UTF-8
    data[entry + 46] = 0xFF  # which no UTF-8 text begins with
    path.write_bytes(data)
    with pytest.raises(ModelError, match=r"named\.task is not a pose bundle"):
        load_model(path)
    with pytest.raises(ModelError, match=r"named\.task is damaged"):
        model.networks()


def test_a_bundle_that_went_away(tmp_path: Path) -> None:
    model = tiny_bundle(tmp_path / "gone.task")
    model.path.unlink()
    with pytest.raises(ModelError, match=r"gone\.task is damaged or unreadable\.$"):
        model.networks()


def test_something_else_than_a_network(tmp_path: Path) -> None:
    model = tiny_bundle(tmp_path / "own.task", landmarks=b"not a network")
    with pytest.raises(ModelError, match=r"own\.task: expected a TFLite .* pose_landmarks"):
        model.networks()


def test_a_compressed_network(tmp_path: Path) -> None:
    path = tmp_path / "packed.task"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in MEMBERS:
            archive.writestr(member, TINY)
    with pytest.raises(ModelError, match=r"packed\.task: expected .* stored, got it compressed"):
        load_model(path).networks()


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
    hashes = {tiny_bundle(path, landmarks=content).sha256 for content in (b"one", b"two")}
    assert len(hashes) == 2
