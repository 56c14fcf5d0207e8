"""Ground truth of a clip: joints, angles, reps, sizes of the faults; numpy only.

To keep the files small, positions are whole numbers of tenths (of a millimetre
in ``tenth_mm``, of a pixel in ``tenth_px``), and a column that does not change
over the clip is stored as one number; `load_truth` undoes both.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sample_videos.generator.measures import rep_measures

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Columns = dict[str, NDArray[np.float64]]

VERSION = 1
PAIRED = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "toe", "ear")
SINGLE = ("nose", "mouth", "chin")
JOINTS = (*(f"{side}_{name}" for name in PAIRED for side in ("left", "right")), *SINGLE)
PER_METRE, PER_PIXEL = 10_000, 10


@dataclass(frozen=True)
class Truth:
    """Ground truth as arrays.

    Attributes
    ----------
    document
        The file as it is.
    t_s
        Time of every frame, s.
    joints, pixels
        Joint name -> positions (frames, 3) in m, and (frames, 2) in px.
    angles
        Column name -> degrees.
    bar
        Centre of the bar (frames, 3) in m, or None.
    """

    document: dict[str, Any]
    t_s: NDArray[np.float64]
    joints: Columns
    pixels: Columns
    angles: Columns
    bar: NDArray[np.float64] | None


def load_truth(path: Path) -> Truth:
    """Read a truth file."""
    document = json.loads(path.read_text(encoding="utf-8"))
    count = document["frames"]

    def spread(columns: list[Any], per_unit: int = 1) -> NDArray[np.float64]:
        full = [np.broadcast_to(np.asarray(column, dtype=float), count) for column in columns]
        return np.stack(full, axis=1) / per_unit

    joints = document["joints"]
    bar = document.get("bar")
    return Truth(
        document,
        np.array(document["t_s"]),
        {name: spread(value["tenth_mm"], PER_METRE) for name, value in joints.items()},
        {name: spread(value["tenth_px"], PER_PIXEL) for name, value in joints.items()},
        {name: spread([column])[:, 0] for name, column in document["angles"].items()},
        spread(bar["tenth_mm"], PER_METRE) if bar else None,
    )


def angles_of(joints: Columns) -> Columns:
    """Angles from joint centres.

    Parameters
    ----------
    joints
        Joint name -> positions (frames, 3), m; X left, Y up, Z forward.

    Returns
    -------
    dict
        Column name -> degrees (frames,). Inclinations are taken in the
        lifter's sagittal plane, hip flexion there between the trunk's midline
        and the thigh (negative when arched), the other flexions in space.
    """
    trunk = _middle(joints, "shoulder") - _middle(joints, "hip")
    angles = {"trunk_lean_deg": _from_vertical(trunk)}
    for side in ("left", "right"):
        hip, knee, ankle = (joints[f"{side}_{n}"] for n in ("hip", "knee", "ankle"))
        shoulder, elbow, wrist = (joints[f"{side}_{n}"] for n in ("shoulder", "elbow", "wrist"))
        thigh = hip - knee
        angles |= {
            f"knee_flexion_{side}_deg": 180 - _between(thigh, ankle - knee),
            f"hip_flexion_{side}_deg": _wrapped(_from_vertical(trunk) - _from_vertical(thigh)),
            f"elbow_flexion_{side}_deg": 180 - _between(shoulder - elbow, wrist - elbow),
            f"shin_inclination_{side}_deg": _from_vertical(knee - ankle),
            f"thigh_elevation_{side}_deg": np.degrees(np.arctan2(thigh[:, 1], -thigh[:, 2])),
            f"shoulder_elevation_{side}_deg": _between(elbow - shoulder, hip - shoulder),
        }
    return angles


def _middle(joints: Columns, name: str) -> NDArray[np.float64]:
    return (joints[f"left_{name}"] + joints[f"right_{name}"]) / 2


def _from_vertical(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sagittal inclination, positive forward, degrees."""
    inclination: NDArray[np.float64] = np.degrees(np.arctan2(line[:, 2], line[:, 1]))
    return inclination


def _wrapped(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Degrees in -180..180."""
    return (angle + 180) % 360 - 180


def _between(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    cross = np.linalg.norm(np.cross(a, b), axis=1)
    angle: NDArray[np.float64] = np.degrees(np.arctan2(cross, np.sum(a * b, axis=1)))
    return angle


def joint_columns(points: list[dict[str, NDArray[np.float64]]]) -> Columns:
    """Joint positions (frames, 3) by truth name, from the points of every posed frame."""
    names = {name: name for name in SINGLE}
    for name in PAIRED:
        names |= {f"left_{name}": f"{name}_l", f"right_{name}": f"{name}_r"}
    return {name: np.array([frame[names[name]] for frame in points]) for name in JOINTS}


@dataclass(frozen=True)
class Recording:
    """What was shown: frame times (s), joints (m), pixels, bar (m), rep times and doses."""

    t_s: NDArray[np.float64]
    joints: Columns
    pixels: Columns
    bar: NDArray[np.float64] | None
    reps: list[dict[str, float]]
    doses: list[frozenset[str]]


def document_of(exercise: str, recording: Recording, about: dict[str, Any]) -> dict[str, Any]:
    """Truth document.

    Parameters
    ----------
    exercise
        Name of the exercise.
    recording
        Frames and reps.
    about
        Further entries: view, camera, spec.
    """
    angles = angles_of(recording.joints)
    measures = rep_measures(exercise, recording, angles)
    reps = []
    for times, doses, values in zip(recording.reps, recording.doses, measures, strict=True):
        reps.append(
            {
                **{name: round(value, 4) for name, value in times.items()},
                "faults": {name: values[name] for name in sorted(doses)},
                "measures": values,
            }
        )
    joints = {
        name: {
            "tenth_mm": _columns(recording.joints[name], PER_METRE),
            "tenth_px": _columns(recording.pixels[name], PER_PIXEL),
        }
        for name in JOINTS
    }
    document = {
        "version": VERSION,
        "exercise": exercise,
        **about,
        "reps": reps,
        "frames": len(recording.t_s),
        "t_s": [round(float(t), 5) for t in recording.t_s],
        "angles": {
            name: _column([round(float(x), 2) + 0.0 for x in column])
            for name, column in angles.items()
        },
        "joints": joints,
    }
    if recording.bar is not None:
        document["bar"] = {"tenth_mm": _columns(recording.bar, PER_METRE)}
    return document


def save(document: dict[str, Any], path: Path) -> None:
    """Write a truth document without blanks."""
    path.write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")


def _columns(values: NDArray[np.float64], per_unit: int) -> list[Any]:
    return [_column(np.rint(column * per_unit).astype(int).tolist()) for column in values.T]


def _column(values: list[Any]) -> Any:
    return values if len(set(values)) > 1 else values[0]
