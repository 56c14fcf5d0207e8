"""What hides or spoils a body: each key of a spec changes the picture, and no truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from benchmarks.occluded import clips
from sample_videos.generator.spec import ClipSpec

VIDEO = {"width": 90, "height": 160, "fps": 10.0}
MOTION = {"reps": 1, "lead_s": 0.2}
KEYS: dict[str, dict[str, dict[str, Any]]] = {
    "rack": {"scene": {"obstacle": {"kind": "rack", "height_m": 0.8}}},
    "bench": {"scene": {"obstacle": {"kind": "bench"}}},
    "box": {"scene": {"obstacle": {"kind": "box", "height_m": 0.6, "aside_m": 0.2}}},
    "exposure": {"video": {"exposure": 0.2}},
    "shutter": {"video": {"shutter": 1.0}},
}


def _spec(**changed: dict[str, Any]) -> ClipSpec:
    sections: dict[str, dict[str, Any]] = {
        "motion": MOTION,
        "scene": {"room": "plain"},
        "video": VIDEO,
    }
    return ClipSpec.model_validate(
        {"exercise": "squat"}
        | sections
        | {name: {**sections.get(name, {}), **own} for name, own in changed.items()}
    )


def _drawn(spec: ClipSpec) -> tuple[np.ndarray, dict[str, Any]]:
    """A frame on the way down, and the truth."""
    from sample_videos.generator.clip import Clip

    clip = Clip(spec)
    picture = next(clip.pictures([len(clip.ticks) // 3]))
    return picture.astype(float), clip.document()


@pytest.fixture(scope="module")
def plain() -> tuple[np.ndarray, dict[str, Any]]:
    """The same squat with nothing hidden; skips where nothing can be drawn."""
    moderngl = pytest.importorskip("moderngl", reason="needs formcheck[samples]")
    pytest.importorskip("skimage", reason="needs formcheck[samples]")
    try:
        moderngl.create_context(standalone=True, backend="egl").release()
    except Exception as error:  # noqa: BLE001 - every driver fails in its own way
        pytest.skip(f"no OpenGL here: {error}")
    return _drawn(_spec())


@pytest.mark.parametrize("key", KEYS)
def test_each_key_changes_the_picture_but_not_the_truth(
    key: str, plain: tuple[np.ndarray, dict[str, Any]]
) -> None:
    picture, truth = _drawn(_spec(**KEYS[key]))
    changed = np.abs(picture - plain[0]).max(axis=2) > 12
    assert changed.mean() > 0.005
    assert truth == plain[1]


def test_too_little_light_is_dark(plain: tuple[np.ndarray, dict[str, Any]]) -> None:
    picture, _ = _drawn(_spec(**KEYS["exposure"]))
    assert picture.mean() == pytest.approx(plain[0].mean() * 0.2 ** (1 / 2.2), rel=0.02)


def test_blur_leaves_what_stands_still(plain: tuple[np.ndarray, dict[str, Any]]) -> None:
    picture, _ = _drawn(_spec(**KEYS["shutter"]))
    assert np.abs(picture - plain[0])[:20].max() <= 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"scene": {"obstacle": {"kind": "sofa"}}},
        {"scene": {"obstacle": {"kind": "box", "away_m": 3.5}}},
        {"video": {"exposure": 0.0}},
        {"video": {"shutter": 1.5}},
    ],
    ids=["kind", "obstacle_at_the_camera", "no_light", "shutter"],
)
def test_mistakes_are_refused(wrong: dict[str, dict[str, Any]]) -> None:
    with pytest.raises(ValidationError):
        _spec(**wrong)


def test_every_occluder_hides_in_the_benchmark() -> None:
    specs = [clip.spec for clip in clips()]
    assert len({spec.name for spec in specs}) == len(specs)
    kinds = {spec.scene.obstacle.kind for spec in specs if spec.scene.obstacle}
    assert kinds == {"rack", "box"}
    assert any(spec.video.shutter for spec in specs)
    assert any(spec.video.exposure < 1 for spec in specs)
