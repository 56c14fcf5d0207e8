"""A track as a dataset of poses, as the library movement lays them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formcheck.errors import MissingLibraryError
from formcheck.pose import landmarks

if TYPE_CHECKING:
    import xarray as xr

    from formcheck.pose.track import PoseTrack

LIFTER = "lifter"
"""The one individual."""


def pose_dataset(track: PoseTrack, source: str, /) -> xr.Dataset:
    """A track as an `xarray.Dataset` that movement (0.17 and later) takes as its own.

    Parameters
    ----------
    track
        The landmarks.
    source
        The clip's path.

    Notes
    -----
    `position` is in pixels, x to the right and y down; `confidence` is the
    visibility. `time` has the true times of the pictures: a phone's clip has no even
    rate, so there is no `fps`. Before 0.17 movement called the dimensions `keypoints`
    and `individuals`.

    Raises
    ------
    MissingLibraryError
        If xarray is not installed.
    """
    try:
        import xarray as xr  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingLibraryError(
            "Datasets of poses need the library xarray: pip install 'formcheck[movement]'."
        ) from error
    position = np.moveaxis(track.xy_px, 1, 2)[..., None]
    return xr.Dataset(
        {
            "position": (("time", "space", "keypoint", "individual"), position.copy()),
            "confidence": (
                ("time", "keypoint", "individual"),
                track.visibility[..., None].copy(),
            ),
        },
        coords={
            "time": track.t_s.copy(),
            "space": ["x", "y"],
            "keypoint": list(landmarks.NAMES),
            "individual": [LIFTER],
        },
        attrs={
            "source_software": "formcheck",
            "source_file": source,
            "ds_type": "poses",
            "time_unit": "seconds",
        },
    )
