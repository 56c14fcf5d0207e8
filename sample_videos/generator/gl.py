"""Headless OpenGL renderer (EGL; software drivers are enough)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import moderngl
import numpy as np

from sample_videos.generator import shaders
from sample_videos.generator.camera import look_at, orthographic
from sample_videos.generator.vec import Array, unit, vec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sample_videos.generator.camera import Camera
    from sample_videos.generator.scene import Light

_SHADOW_SIZE, _BLOBS = 1024, 8
_GAMMA = 2.2
_NOISE_PAD = 64


@dataclass(frozen=True)
class Material:
    """How a surface looks; `kind` as in `shaders`."""

    kind: int = 0
    shine: float = 0.03
    gloss: float = 10.0
    skin: float = 0.0
    noise: float = 0.0


@dataclass(frozen=True, eq=False)
class Mesh:
    """Something to draw.

    Attributes
    ----------
    vertices, triangles
        Shape (n, 3) in m, and (m, 3).
    colour
        One colour, or one for each vertex, 0..1.
    material
        Its look.
    normals
        Shape (n, 3); computed when missing.
    keep
        Per vertex; drawn where not negative.
    closed
        Whether back faces can be skipped.
    """

    vertices: Array
    triangles: Array
    colour: Array
    material: Material
    normals: Array | None = None
    keep: Array | None = None
    closed: bool = False


@dataclass(eq=False)
class Item:
    """A mesh on the graphics side."""

    triangles: Array
    material: Material
    closed: bool
    room: bool
    geometry: Any
    arrays: dict[str, Any]


@dataclass(frozen=True)
class Finish:
    """What a phone camera adds: darker corners, grain (share of full scale), too little light."""

    vignette: float
    grain: float
    exposure: float = 1.0


class Renderer:
    """Draws a still room once, and moving meshes with shadows into every frame."""

    def __init__(self, camera: Camera, light: Light, finish: Finish) -> None:
        self._camera, self._light = camera, light
        self._size = size = (camera.width, camera.height)
        headless: dict[str, Any] = {"standalone": True, "backend": "egl"}
        self._context = c = moderngl.create_context(**headless)
        self._programs = {
            "solid": c.program(shaders.VERTEX, shaders.FRAGMENT),
            "room": c.program(shaders.VERTEX, shaders.ROOM_FRAGMENT),
            "shadow": c.program(shaders.SHADOW_VERTEX, shaders.SHADOW_FRAGMENT),
            "screen": c.program(shaders.SCREEN_VERTEX, shaders.SCREEN_FRAGMENT),
        }
        self._target = c.framebuffer([c.renderbuffer(size, 4)], c.depth_renderbuffer(size))
        self._shadows = c.depth_texture((_SHADOW_SIZE, _SHADOW_SIZE))
        self._shadows.compare_func = "<="
        self._shadows.repeat_x = self._shadows.repeat_y = False
        self._shadow_target = c.framebuffer(depth_attachment=self._shadows)
        corners = c.buffer(np.array([-1, -1, 1, -1, -1, 1, 1, 1], "f4").tobytes())
        self._screen = c.vertex_array(self._programs["screen"], [(corners, "2f", "in_corner")])
        self._items: list[Item] = []
        self._backdrop: tuple[Any, ...] | None = None
        self._sun = orthographic(2.4, 0.5, 14) @ look_at(
            vec(0, 1, 0) + 6 * unit(light.sun_dir), vec(0, 1, 0), vec(0, 1, 0.01)
        )
        self._lens = _Lens(size, finish)

    def __enter__(self) -> Self:
        """Return the renderer itself."""
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Free everything on the graphics side."""
        self._context.release()

    def add(self, mesh: Mesh, *, room: bool = False) -> Item:
        """Add a mesh; `room`: it never moves and belongs to the backdrop."""
        vertices, triangles = mesh.vertices, mesh.triangles
        c, count = self._context, len(vertices)
        keep = np.ones(count) if mesh.keep is None else mesh.keep
        colours = np.broadcast_to(np.asarray(mesh.colour, dtype=float), (count, 3))
        look = c.buffer(np.c_[colours**_GAMMA, keep].astype("f4").tobytes())
        geometry = c.buffer(reserve=count * 24, dynamic=True)
        shown = triangles[(keep[triangles] >= 0).any(axis=1)]
        index = c.buffer(shown.astype("i4").tobytes())
        shape = (geometry, "3f 3f", "in_position", "in_normal")
        arrays: dict[str, Any] = {}
        paint: tuple[Any, ...]
        if room:
            paint = (look, "3f 4x", "in_colour")
            arrays["room"] = c.vertex_array(self._programs["room"], [shape, paint], index)
        else:
            paint = (look, "3f 1f", "in_colour", "in_keep")
            arrays["solid"] = c.vertex_array(self._programs["solid"], [shape, paint], index)
            slim = [(geometry, "3f 12x", "in_position"), (look, "12x 1f", "in_keep")]
            arrays["shadow"] = c.vertex_array(self._programs["shadow"], slim, index)
        item = Item(triangles, mesh.material, mesh.closed, room, geometry, arrays)
        self._items.append(item)
        self.move(item, vertices, mesh.normals)
        return item

    def move(self, item: Item, vertices: Array, normals: Array | None = None) -> None:
        """Give a mesh new vertices, m."""
        if normals is None:
            normals = _normals(vertices, item.triangles)
        item.geometry.write(np.c_[vertices, normals].astype("f4").tobytes())

    def draw(self, blobs: Sequence[Array]) -> Array:
        """Draw what is there now, as a perfect camera sees it.

        Parameters
        ----------
        blobs
            Middles of body parts that darken what is near them, m.

        Returns
        -------
        Array
            Picture, uint8, shape (height, width, 3).
        """
        if self._backdrop is None:
            self._backdrop = self._draw_backdrop()
        c = self._context
        near = np.zeros((_BLOBS, 3), "f4")
        near[: len(blobs)] = blobs[:_BLOBS]
        shared = {"sun_camera": self._sun, "blobs": near, "blob_count": len(blobs)}
        c.enable(moderngl.DEPTH_TEST)
        self._shadow_target.use()
        self._shadow_target.clear(depth=1.0)
        self._set("shadow", {"camera": self._sun})
        moving = [item for item in self._items if not item.room]
        for item in moving:
            item.arrays["shadow"].render()
        self._target.use()
        self._target.clear(0, 0, 0, 1, depth=1.0)
        c.disable(moderngl.DEPTH_TEST)
        self._shadows.use(1)
        for unit_number, texture in enumerate(self._backdrop, start=2):
            texture.use(unit_number)
        names = {"shadows": 1, "lit_room": 2, "dark_room": 3, "places": 4}
        self._set("screen", shared | names)
        self._screen.render(moderngl.TRIANGLE_STRIP)
        c.enable(moderngl.DEPTH_TEST)
        self._set("solid", self._lighting() | shared | {"shadows": 1})
        for item in moving:
            self._draw_item(item, "solid")
        raw = self._target.read(components=3, alignment=1)
        return np.frombuffer(raw, "u1").reshape(self._size[1], self._size[0], 3)[::-1]

    def filmed(self, pictures: Sequence[Array], number: int) -> Array:
        """Make one frame, as a phone gives it, of what was drawn while its shutter was open.

        `number` is that of the frame; it picks the grain.
        """
        return self._lens.finish(np.mean(pictures, axis=0), number)

    def _lighting(self) -> dict[str, Any]:
        light = self._light
        return {
            "camera": self._camera.matrix,
            "eye": self._camera.eye,
            "sun_dir": unit(light.sun_dir),
            "sun_col": light.sun,
            "sky": light.sky,
            "ground": light.ground,
            "fill_dir": unit(light.fill_dir),
            "fill_col": light.fill,
        }

    def _set(self, program: str, values: dict[str, Any]) -> None:
        """Set uniforms that the program has (unused ones are optimised away)."""
        target = self._programs[program]
        for name, value in values.items():
            uniform: Any = target.get(name, None)
            if uniform is None:
                continue
            if isinstance(value, int | float):
                uniform.value = value
            else:
                data = np.asarray(value, "f4")
                square = data.shape == (4, 4)
                uniform.write(np.ascontiguousarray(data.T if square else data).tobytes())

    def _draw_item(self, item: Item, program: str) -> None:
        material = item.material
        self._set(
            program,
            {
                "kind": material.kind,
                "shine": material.shine,
                "gloss": material.gloss,
                "skin": material.skin,
                "noise": material.noise,
            },
        )
        if item.closed:
            self._context.enable(moderngl.CULL_FACE)
        item.arrays[program].render()
        if item.closed:
            self._context.disable(moderngl.CULL_FACE)

    def _draw_backdrop(self) -> tuple[Any, ...]:
        """Textures of the room: lit, in shadow, and where each pixel is; drawn at double size."""
        c, (width, height) = self._context, self._size
        double = (2 * width, 2 * height)
        picture, places = c.texture(double, 4), c.texture(double, 4, dtype="f4")
        target = c.framebuffer([picture, places], c.depth_renderbuffer(double))
        c.enable(moderngl.DEPTH_TEST)
        layers = []
        for lit in (1.0, 0.0):
            target.use()
            target.clear(*self._light.background, 1.0, depth=1.0)
            self._set("room", self._lighting() | {"lit": lit, "blob_count": 0})
            for item in self._items:
                if item.room:
                    self._draw_item(item, "room")
            image = np.frombuffer(picture.read(), "u1").reshape(height, 2, width, 2, 4)
            small = image.astype("f4").mean(axis=(1, 3)).round().astype("u1")
            layers.append(c.texture(self._size, 4, small.tobytes()))
        where = np.frombuffer(places.read(), "f4").reshape(2 * height, 2 * width, 4)[::2, ::2]
        layers.append(c.texture(self._size, 4, np.ascontiguousarray(where).tobytes(), dtype="f4"))
        for resource in (target, picture, places):
            resource.release()
        return tuple(layers)


class _Lens:
    """Slight blur, darker corners, exposure and grain."""

    _SIDE = 0.26

    def __init__(self, size: tuple[int, int], finish: Finish) -> None:
        width, height = size
        y, x = np.mgrid[0:height, 0:width]
        away = (x / width - 0.5) ** 2 + (y / height - 0.5) ** 2
        gain = finish.exposure ** (1 / _GAMMA)
        self._corners = (gain * (1 - finish.vignette * away)).astype("f4")[..., None]
        rng = np.random.default_rng(0)
        shape = (height + _NOISE_PAD, width + _NOISE_PAD, 1)
        self._grain = (rng.normal(size=shape) * 255 * 0.6 * finish.grain).astype("f4")

    def finish(self, picture: Array, number: int) -> Array:
        image = picture.astype("f4")
        for axis in (0, 1):
            image = self._blurred(image, axis)
        down, right = (number * 37) % _NOISE_PAD, (number * 23) % _NOISE_PAD
        height, width = image.shape[:2]
        image = image * self._corners + self._grain[down : down + height, right : right + width]
        finished: Array = np.clip(image, 0, 255).astype("u1")
        return finished

    def _blurred(self, image: Array, axis: int) -> Array:
        side, result = self._SIDE / (1 + 2 * self._SIDE), image * (1 / (1 + 2 * self._SIDE))
        low, high = [slice(None)] * 3, [slice(None)] * 3
        low[axis], high[axis] = slice(None, -1), slice(1, None)
        result[tuple(high)] += side * image[tuple(low)]
        result[tuple(low)] += side * image[tuple(high)]
        for edge in (0, -1):
            end = [slice(None)] * 3
            end[axis] = slice(edge, edge + 1 or None)
            result[tuple(end)] += side * image[tuple(end)]
        return result


def _normals(vertices: Array, triangles: Array) -> Array:
    first = vertices[triangles[:, 0]]
    faces = np.cross(vertices[triangles[:, 1]] - first, vertices[triangles[:, 2]] - first)
    index = triangles.ravel()
    repeated = np.repeat(faces, 3, axis=0)
    sums = [np.bincount(index, repeated[:, axis], len(vertices)) for axis in range(3)]
    normals = np.stack(sums, axis=1)
    scaled: Array = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    return scaled
