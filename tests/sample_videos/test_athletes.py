"""The made-up athletes of the benchmark: their clips are what their story says."""

from __future__ import annotations

from itertools import pairwise

from benchmarks.athletes import Athlete, athletes

WEEKS = range(1, 13)


def athlete(name: str) -> Athlete:
    return next(one for one in athletes() if one.name == name)


def doses(name: str, exercise: str, fault: str) -> list[float]:
    clips = [f.clip.spec for f in athlete(name).clips if f.clip.spec.exercise == exercise]
    return [spec.motion.faults.get(fault, 0.0) for spec in clips]


def test_every_clip_has_a_name_and_a_week_of_its_own() -> None:
    for one in athletes():
        names = [filmed.name for filmed in one.clips]
        assert len(set(names)) == len(names)
        assert {filmed.week for filmed in one.clips} <= set(WEEKS)
        specs = [filmed.clip.spec.name for filmed in one.clips]
        assert len(set(specs)) == len(specs)


def test_one_improves_and_one_gets_worse_with_the_weight() -> None:
    depth = [knee for knee in doses("ina", "squat", "depth") if knee]
    assert all(a < b for a, b in pairwise(depth))
    assert doses("ina", "squat", "depth")[-1] == 0
    hips = doses("bo", "squat", "hips_first")
    loads = [f.load_kg for f in athlete("bo").clips if f.clip.spec.exercise == "squat"]
    assert all(a < b for a, b in pairwise(hips))
    assert all(a is not None and b is not None and a < b for a, b in pairwise(loads))


def test_the_uneven_one_is_filmed_little() -> None:
    assert len(athlete("cem").clips) <= 3
    assert min(doses("cem", "pull_up", "asymmetry")) > 0
