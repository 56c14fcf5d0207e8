"""Parameter files of the sample clips are checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from sample_videos.generator.spec import ClipSpec, load_spec

SPECS = sorted((Path(__file__).resolve().parents[2] / "sample_videos" / "specs").glob("*.toml"))


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_committed_specs_are_valid(path: Path) -> None:
    spec = load_spec(path)
    assert spec.name == path.stem
    assert spec.note


@pytest.mark.parametrize(
    "wrong",
    [
        {"exercise": "squat", "colour": "red"},
        {"exercise": "squat", "motion": {"repetitions": 3}},
        {"exercise": "squat", "body": {"outfit": {"top_color": "blue"}}},
        {"exercise": "squat", "motion": {"faults": {"chin": 100.0}}},
        {"exercise": "squat", "video": {"width": 361}},
        {"exercise": "deadlift"},
    ],
    ids=["key", "nested_key", "colour", "fault_of_another_exercise", "odd_width", "exercise"],
)
def test_mistakes_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ClipSpec.model_validate(wrong)


def test_spec_cannot_be_changed() -> None:
    spec = ClipSpec(exercise="squat")
    with pytest.raises(ValidationError):
        spec.exercise = "pull_up"  # type: ignore[misc]
