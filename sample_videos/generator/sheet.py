"""Contact sheet: one picture of every clip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
from PIL import Image, ImageDraw

from sample_videos.generator.truth import load_truth

if TYPE_CHECKING:
    from pathlib import Path

TILE = (150, 240)
COLUMNS = 7
_LABEL = 16


def contact_sheet(clips: Path, target: Path) -> None:
    """Write a picture with every clip at the turn of its second rep."""
    paths = sorted(clips.glob("*.mp4"))
    rows = -(-len(paths) // COLUMNS)
    width, height = TILE[0], TILE[1] + _LABEL
    sheet = Image.new("RGB", (COLUMNS * width, rows * height), "white")
    draw = ImageDraw.Draw(sheet)
    for number, path in enumerate(paths):
        reps = load_truth(path.with_suffix(".json")).document["reps"]
        picture = _frame_at(path, reps[min(1, len(reps) - 1)]["turn_s"])
        picture.thumbnail(TILE)
        x, y = (number % COLUMNS) * width, (number // COLUMNS) * height
        left = x + (TILE[0] - picture.width) // 2
        sheet.paste(picture, (left, y + (TILE[1] - picture.height) // 2))
        draw.text((x + 3, y + TILE[1] + 2), path.stem, fill="black", font_size=10)
    sheet.save(target, quality=80, optimize=True)


def _frame_at(path: Path, t_s: float) -> Image.Image:
    """Upright frame at a time, s."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            if frame.time >= t_s:
                upright = np.rot90(frame.to_ndarray(format="rgb24"), round(frame.rotation / 90))
                return Image.fromarray(np.ascontiguousarray(upright))
    raise ValueError(f"{path.name} is shorter than {t_s} s")
