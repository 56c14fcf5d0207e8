"""Rendered squats and rows with a rounded upper back, and sound ones that may look like it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.fault_grid_specs import BACK_BAR, GridClip, grid_spec

if TYPE_CHECKING:
    from collections.abc import Iterator

DOSES = (0, 10, 20, 30)
"""Bend of the thoracic spine, degrees."""
VIDEO = {"width": 304, "height": 540, "fps": 15.0}
PLATES = {"equipment": {"plate_m": 0.225}}
SEED = 137


@dataclass(frozen=True)
class Figure:
    """A rendered body: of the fault grid (`body`), changed by `build`, seen from `azimuths`."""

    name: str
    body: str
    build: dict[str, Any]
    azimuths: dict[str, float]
    scene: dict[str, Any]


def _figure(name: str, build: dict[str, Any], side: float, oblique: float, **scene: Any) -> Figure:
    return Figure(name, "a", build, {"side": side, "oblique": oblique}, scene)


PLAIN = (Figure("a", "a", {}, {}, {}), Figure("b", "b", {}, {}, {}))
FIGURES = (
    *PLAIN,
    _figure(
        "loose",
        {
            "stature_m": 1.84,
            "weight": 0.75,
            "muscle": 0.35,
            "skin": "e3b896",
            "hair": "none",
            "outfit": {
                "top": "long",
                "bottom": "trousers",
                "loose_m": 0.025,
                "top_color": "8a8f94",
                "bottom_color": "2d3a57",
            },
        },
        90,
        315,
        room="garage",
        seed=9,
    ),
)
OTHERS = (
    _figure(
        "heavy",
        {
            "stature_m": 1.74,
            "weight": 0.9,
            "muscle": 0.4,
            "outfit": {"top": "tshirt", "loose_m": 0.03, "top_color": "a04040"},
        },
        90,
        50,
        room="gym",
        seed=11,
    ),
    _figure(
        "muscular",
        {
            "stature_m": 1.80,
            "weight": 0.3,
            "muscle": 1.0,
            "outfit": {"top": "none", "bottom_color": "30343c"},
        },
        270,
        305,
        room="dark",
        seed=12,
    ),
    _figure(
        "slight",
        {
            "stature_m": 1.60,
            "female": 1.0,
            "weight": 0.2,
            "muscle": 0.2,
            "hair": "bun",
            "outfit": {"top": "long", "bottom": "leggings", "top_color": "d8d8d8"},
        },
        90,
        50,
        room="home",
        seed=14,
    ),
)
"""Bodies that are mostly shown sound: what else may look like a rounded back."""
SOUND: dict[str, dict[str, dict[str, Any]]] = {
    "bent_over_row": {
        "straight": {},
        "steep": {"lean_deg": 48},
        "flat": {"lean_deg": 78},
    },
    "squat": {
        "straight": {},
        "nod": {"faults": {"head": 40}},
        "lean": {"faults": {"lean": 55}},
        "front": {"arms": "front"},
    },
}


@dataclass(frozen=True)
class Rendering:
    """A clip of this benchmark: its rounding in degrees, and whether a bar with plates is used."""

    dose: int
    plates: bool
    clip: GridClip


def _rendering(
    exercise: str, view: str, figure: Figure, what: str, dose: int, motion: dict[str, Any]
) -> Rendering:
    plates = what == "bar"
    sections: dict[str, dict[str, Any]] = {"video": VIDEO, **(PLATES if plates else {})}
    if figure.scene:
        sections["scene"] = figure.scene
        sections["camera"] = {"azimuth_deg": figure.azimuths[view]}
    rounding = {"upper_trunk": dose} if dose else {}
    motion = {"reps": 2, "lead_s": 0.5, "faults": rounding, **motion}
    name = f"round{dose}_{what}_{figure.name}"
    spec = grid_spec(exercise, view, figure.body, name, motion, figure.build, **sections)
    return Rendering(dose, plates, GridClip(exercise, str(dose), view, figure.body, spec))


def renderings() -> Iterator[Rendering]:
    """Every rendered clip: roundings in four sizes, and sound ones of more kinds."""
    bars: dict[str, dict[str, Any]] = {"squat": BACK_BAR, "bent_over_row": {}}
    for exercise, bar in bars.items():
        for view in ("side", "oblique"):
            for dose in DOSES:
                for number, figure in enumerate(FIGURES):
                    seed = {"seed": SEED + dose + number}
                    yield _rendering(exercise, view, figure, "free", dose, seed)
                seed = {"seed": SEED + dose}
                yield _rendering(exercise, view, PLAIN[0], "bar", dose, {**seed, **bar})
        for number, figure in enumerate(OTHERS):
            seed = {"seed": SEED + number}
            for what, motion in SOUND[exercise].items():
                yield _rendering(exercise, "side", figure, what, 0, {**seed, **motion})
            yield _rendering(exercise, "side", figure, "straight", 25, seed)
