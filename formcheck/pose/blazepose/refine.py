"""Landmarks drawn to where the heat maps are warm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

REACH = 3
"""Cells to each side of a landmark's own that are looked at: 7 by 7. With 5 by 5 landmarks
are 0.61 px from MediaPipe's, with 7 by 7 0.07, with 9 by 9 0.17 (medians, of 256)."""
LEAST_HEAT = 0.5
"""A landmark moves only where a cell around it is at least this warm."""


def refine(xy: Floats, heat_logits: NDArray[np.float32]) -> Floats:
    """Landmarks moved to the heat's centre of mass around them.

    Parameters
    ----------
    xy
        Shape (N, 2), shares of the crop's width and height.
    heat_logits
        Shape (rows, columns, N): one heat map for each landmark.

    Returns
    -------
    ndarray
        Shape (N, 2). A landmark outside the crop, or without a warm cell near it, stays.

    Notes
    -----
    MediaPipe's ``RefineLandmarksFromHeatmapCalculator``: the mean of the cells' numbers,
    weighted by the sigmoid of the map.
    """
    rows, columns, count = heat_logits.shape
    cell = np.floor(xy * (columns, rows)).astype(int)
    inside = ((cell >= 0) & (cell < (columns, rows))).all(axis=1)
    steps = np.arange(-REACH, REACH + 1)
    column, row = cell[:, :1] + steps, cell[:, 1:] + steps
    there_column, there_row = (column >= 0) & (column < columns), (row >= 0) & (row < rows)
    logits = heat_logits[
        np.clip(row, 0, rows - 1)[:, :, None],
        np.clip(column, 0, columns - 1)[:, None, :],
        np.arange(count)[:, None, None],
    ].astype(float)
    heat = 1 / (1 + np.exp(-logits))
    heat *= there_row[:, :, None] & there_column[:, None, :]
    total = heat.sum(axis=(1, 2))
    warm = inside & (heat.max(axis=(1, 2)) >= LEAST_HEAT)
    weight = np.where(warm, total, 1.0)
    moved = np.column_stack(
        [
            (heat.sum(axis=1) * column).sum(axis=1) / weight / columns,
            (heat.sum(axis=2) * row).sum(axis=1) / weight / rows,
        ]
    )
    return np.where(warm[:, None], moved, xy)
