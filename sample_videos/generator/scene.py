"""Rooms, lights and equipment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sample_videos.generator.figure import rgb
from sample_videos.generator.gl import Item, Material, Mesh, Renderer
from sample_videos.generator.shapes import Shape, box, cylinder, merged
from sample_videos.generator.vec import LEFT, Array, frame, rot_y, vec

if TYPE_CHECKING:
    from sample_videos.generator.motion import Prop
    from sample_videos.generator.spec import CameraSpec, Equipment, Obstacle, SceneSpec

Triple = tuple[float, float, float]
RUBBER, WOOD, BRICK, PLASTER, LEAVES, WINDOW = 1, 2, 3, 4, 5, 6
HALF, HEIGHT, HEDGE = 5.2, 3.1, 2.2


@dataclass(frozen=True)
class Light:
    """Main light with its direction, light from above and below, and a weak fill light."""

    sun_dir: Triple
    sun: Triple
    sky: Triple
    ground: Triple
    fill_dir: Triple
    fill: Triple
    background: Triple = (0.5, 0.6, 0.7)


LIGHTS = {
    "soft": Light(
        (0.5, 1.2, 0.7),
        (0.75, 0.72, 0.68),
        (0.62, 0.64, 0.68),
        (0.28, 0.26, 0.24),
        (-1, 0.4, 0.3),
        (0.12, 0.13, 0.15),
    ),
    "side": Light(
        (1.2, 0.8, 0.4),
        (1.15, 1.05, 0.92),
        (0.36, 0.39, 0.44),
        (0.19, 0.17, 0.16),
        (-1, 0.3, 0.4),
        (0.09, 0.11, 0.15),
    ),
    "top": Light(
        (0.1, 1.5, 0.15),
        (0.95, 0.95, 0.95),
        (0.44, 0.45, 0.47),
        (0.22, 0.22, 0.22),
        (0, 0.2, 1),
        (0.10, 0.10, 0.10),
    ),
    "dim": Light(
        (-0.6, 1.0, 0.8),
        (0.42, 0.38, 0.32),
        (0.21, 0.22, 0.25),
        (0.11, 0.10, 0.10),
        (1, 0.3, 0.2),
        (0.05, 0.05, 0.07),
    ),
    "backlit": Light(
        (-0.3, 0.9, -1.2),
        (1.2, 1.1, 1.0),
        (0.40, 0.42, 0.46),
        (0.20, 0.19, 0.18),
        (0.2, 0.3, 1),
        (0.14, 0.14, 0.15),
    ),
    "sun": Light(
        (0.8, 1.3, 0.5),
        (1.5, 1.4, 1.2),
        (0.45, 0.52, 0.62),
        (0.22, 0.22, 0.16),
        (-1, 0.4, -0.2),
        (0.08, 0.10, 0.12),
        (0.62, 0.76, 0.90),
    ),
}


class Room(NamedTuple):
    """Kind and colour of floor, of the walls along X and along Z; things along each wall."""

    floor: tuple[int, str]
    wall: tuple[int, str]
    side_wall: tuple[int, str]
    clutter: int
    windows: bool = False


ROOMS = {
    "gym": Room((RUBBER, "3a3b3e"), (PLASTER, "b9bcc0"), (BRICK, "8a5a48"), 6, windows=True),
    "dark": Room((RUBBER, "2a2a2c"), (PLASTER, "565a60"), (PLASTER, "4a3b34"), 7),
    "home": Room((WOOD, "a9764a"), (PLASTER, "d9d2c4"), (PLASTER, "c5cfd2"), 4, windows=True),
    "garage": Room((PLASTER, "8d8c88"), (BRICK, "a49a90"), (PLASTER, "b5b1a8"), 5, windows=True),
    "plain": Room((PLASTER, "9aa0a6"), (PLASTER, "cfd3d6"), (PLASTER, "cfd3d6"), 0),
    "outdoor": Room((LEAVES, "6d8f45"), (LEAVES, "45653a"), (LEAVES, "3f5c3a"), 0),
}
_SHELF, _POSTER, _RACK, _BENCH = range(4)
_PALETTE = ("1f2226", "7a1f1f", "24425f", "c9b037", "3d3d40", "5c6b5a", "d8d8d8", "8a4b20")


def _mesh(shape: Shape, colour: Array, material: Material) -> Mesh:
    return Mesh(shape.vertices, shape.triangles, colour, material, shape.normals)


def build_room(renderer: Renderer, spec: SceneSpec) -> None:
    """Add the room of a scene."""
    room, outdoor = ROOMS[spec.room], spec.room == "outdoor"
    height = HEDGE if outdoor else HEIGHT
    middle, wide = height / 2, 2 * HALF

    def add(shape: Shape, colour: Array, kind: int = 0, noise: float = 0.0) -> None:
        material = Material(kind=kind, noise=noise, shine=0.02)
        renderer.add(_mesh(shape, colour, material), room=True)

    floor = spec.floor_color or room.floor[1]
    add(box((0, -0.05, 0), (wide, 0.1, wide)), rgb(floor), room.floor[0])
    ends = [box((0, middle, sign * HALF), (wide, height, 0.1)) for sign in (-1, 1)]
    add(merged(ends), rgb(spec.wall_color or room.wall[1]), room.wall[0])
    sides = [box((sign * HALF, middle, 0), (0.1, height, wide)) for sign in (-1, 1)]
    add(merged(sides), rgb(room.side_wall[1]), room.side_wall[0])
    rng = np.random.default_rng(spec.seed)
    if outdoor:
        add(_trees(rng), rgb("5a4634"), noise=0.8)
        return
    add(box((0, HEIGHT + 0.05, 0), (wide, 0.1, wide)), np.full(3, 0.8), PLASTER)
    add(_skirting(), np.full(3, 0.25))
    for number in range(room.clutter * 4):
        colour = rgb(_PALETTE[rng.integers(0, len(_PALETTE))])
        add(_thing(number % 4, rng), colour, noise=0.3)
    if room.windows:
        panes = [box((0.07 - HALF, 1.6, z), (0.02, 1.2, 1.3)) for z in (-2.2, 1.6)]
        add(merged(panes), np.array([0.97, 0.99, 1.0]), WINDOW)


def _trees(rng: np.random.Generator) -> Shape:
    trunks = []
    for _ in range(22):
        around, edge = rng.uniform(0, 2 * np.pi), HALF - 0.35
        x, z = (float(np.clip(1.4 * edge * f(around), -edge, edge)) for f in (np.sin, np.cos))
        trunks.append(cylinder((x, 0, z), (x, 3.2, z), rng.uniform(0.08, 0.16), 10))
    return merged(trunks)


def _skirting() -> Shape:
    near = HALF - 0.06
    ends = [box((0, 0.06, sign * near), (2 * HALF, 0.12, 0.03)) for sign in (-1, 1)]
    return merged(ends + [box((sign * near, 0.06, 0), (0.03, 0.12, 2 * HALF)) for sign in (-1, 1)])


def _thing(wall: int, rng: np.random.Generator) -> Shape:
    """Something that stands at one of the four walls."""
    along, kind = rng.uniform(1 - HALF, HALF - 1), rng.integers(0, 5)

    def at(x: float, y: float, off: float) -> Array:
        places = ((x, y, off - HALF), (x, y, HALF - off), (off - HALF, y, x), (HALF - off, y, x))
        return np.array(places[wall])

    def block(x: float, y: float, off: float, size: Triple) -> Shape:
        turned = size if wall <= 1 else (size[2], size[1], size[0])
        return box(at(along + x, y, off), turned)

    if kind == _SHELF:
        shelf = [block(0, 0.45 + 0.25 * j, 0.35, (1.2, 0.04, 0.4)) for j in range(3)]
        shelf += [block(x, 0.55, 0.35, (0.05, 1.1, 0.4)) for x in (-0.6, 0.6)]
        for x in (-0.4, -0.1, 0.2, 0.45):
            for j in range(3):
                middle, half = at(along + x, 0.55 + 0.25 * j, 0.35), at(0.08, 0, 0) - at(0, 0, 0)
                shelf.append(cylinder(middle - half, middle + half, 0.07, 10))
        return merged(shelf)
    if kind == _POSTER:
        return block(0, 1.6, 0.08, (0.7, 0.95, 0.03))
    if kind == _RACK:
        posts = [block(x, 1.1, 0.6, (0.07, 2.2, 0.07)) for x in (-0.55, 0.55)]
        bar = cylinder(at(along - 0.8, 1.35, 0.6), at(along + 0.8, 1.35, 0.6), 0.02, 10)
        return merged([*posts, block(0, 2.15, 0.6, (1.17, 0.07, 0.07)), bar])
    if kind == _BENCH:
        size = ((0.35, 0.1, 1.1), (1.1, 0.1, 0.35))[int(rng.random() * 2)]
        return merged([block(0, 0.42, 0.5, size), block(0, 0.2, 0.5, (0.2, 0.4, 0.3))])
    return block(0, 0.35, 0.4, (0.6, 0.7, 0.6))


class PropMeshes:
    """Meshes of the equipment held in the hands."""

    def __init__(self, renderer: Renderer, props: tuple[Prop, ...], spec: Equipment) -> None:
        self._renderer = renderer
        self._meshes: list[list[tuple[Item, Shape]]] = []
        for prop in props:
            if prop.kind == "barbell":
                pieces = _barbell(spec)
            else:
                pieces = [(_dumbbell(), rgb(spec.plate_color), Material(shine=0.1))]
            items = []
            for shape, colour, material in pieces:
                items.append((renderer.add(_mesh(shape, colour, material)), shape))
            self._meshes.append(items)

    def move(self, props: tuple[Prop, ...]) -> None:
        """Put every prop where it is now."""
        for prop, items in zip(props, self._meshes, strict=True):
            turn = frame(prop.along, vec(0, 1, 0.2)) @ frame(LEFT, vec(0, 1, 0.2)).T
            for item, shape in items:
                vertices = shape.vertices @ turn.T + prop.centre
                self._renderer.move(item, vertices, shape.normals @ turn.T)


def _barbell(spec: Equipment) -> list[tuple[Shape, Array, Material]]:
    half = spec.half_length_m
    bar = [cylinder((-half, 0, 0), (half, 0, 0), 0.0145, 14)]
    bar += [cylinder((s * (half - 0.36), 0, 0), (s * half, 0, 0), 0.024, 14) for s in (-1, 1)]
    pieces = [(merged(bar), np.array([0.62, 0.63, 0.65]), Material(shine=0.35, gloss=40))]
    if spec.plate_m > 0:
        plates = [
            cylinder((s * (half - 0.34), 0, 0), (s * (half - 0.30), 0, 0), spec.plate_m, 36)
            for s in (-1, 1)
        ]
        pieces.append((merged(plates), rgb(spec.plate_color), Material(shine=0.08)))
    return pieces


def _dumbbell() -> Shape:
    heads = [cylinder((s * 0.065, 0, 0), (s * 0.13, 0, 0), 0.048, 18) for s in (-1, 1)]
    return merged([cylinder((-0.08, 0, 0), (0.08, 0, 0), 0.015, 12), *heads])


def build_pull_up_bar(renderer: Renderer, bar: Array, spec: Equipment) -> None:
    """Add the bar of a pull-up at a height (m), on posts or hanging from the ceiling."""
    half, height = 0.75, float(bar[1])
    rail = cylinder((-half, height, 0), (half, height, 0), 0.016, 14)
    steel = Material(shine=0.3, gloss=40)
    renderer.add(_mesh(rail, np.array([0.5, 0.5, 0.52]), steel))
    if spec.frame == "rack":
        posts = [
            box((s * (half + 0.03), (height + 0.08) / 2, 0), (0.07, height + 0.08, 0.07))
            for s in (-1, 1)
        ]
        posts += [box((s * (half + 0.03), 0.03, 0), (0.08, 0.06, 1.1)) for s in (-1, 1)]
    else:
        posts = [box((s * (half - 0.1), height + 0.35, 0), (0.05, 0.7, 0.05)) for s in (-1, 1)]
    renderer.add(_mesh(merged(posts), rgb("2b2d31"), Material(shine=0.1)))


def build_obstacle(renderer: Renderer, spec: Obstacle, camera: CameraSpec) -> None:
    """Add what stands between camera and lifter."""
    shape = _obstacle(spec)
    turn = rot_y(camera.azimuth_deg)
    target_x, _, target_z = camera.target_m
    place = vec(target_x, 0, target_z) + turn @ vec(spec.aside_m, 0, spec.away_m)
    # not a part of the room, which is drawn behind everything that moves
    turned = Shape(shape.vertices @ turn.T + place, shape.triangles, shape.normals @ turn.T)
    renderer.add(_mesh(turned, rgb(_OBSTACLES[spec.kind]), Material(shine=0.1, noise=0.2)))


_OBSTACLES = {"rack": "2b2d31", "bench": "33363c", "box": "a9764a"}
"""Their colours."""


def _obstacle(spec: Obstacle) -> Shape:
    """X across the picture, origin on the floor."""
    height = spec.height_m
    if spec.kind == "rack":
        half, tall, thick = 0.45, 2.2, 0.07
        posts = [box((s * half, tall / 2, 0), (thick, tall, thick)) for s in (-1, 1)]
        return merged([*posts, box((0, height - 0.04, 0.05), (2 * half, 0.08, 0.05))])
    if spec.kind == "bench":
        legs = [box((s * 0.45, height / 2 - 0.05, 0), (0.08, height - 0.1, 0.4)) for s in (-1, 1)]
        return merged([*legs, box((0, height - 0.05, 0), (1.2, 0.1, 0.3))])
    return box((0, height / 2, 0), (0.75, height, 0.5))
