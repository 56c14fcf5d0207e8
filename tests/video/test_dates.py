"""When a clip was recorded, by its container."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from formcheck.video import VideoReader
from formcheck.video.container import recorded_at, recorded_in_future
from tests.conftest import SAMPLES
from tests.helpers.remux import remux

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime.now(UTC).replace(microsecond=0)
APPLE = "com.apple.quicktime.creationdate"


@pytest.mark.parametrize(
    ("ahead", "believed"), [(-1.0, True), (0.5, True), (2.0, False), (3650.0, False)]
)
def test_a_date_to_come_is_not_believed_and_said(
    tmp_path: Path, ahead: float, believed: bool
) -> None:
    """Half a day ahead may be the time of another zone, written as UTC."""
    moment = NOW + timedelta(days=ahead)
    clip = remux(
        SAMPLES / "squat_side_good.mp4",
        tmp_path / "clip.mp4",
        seconds=0.5,
        recorded_at=moment.isoformat(),
    )
    with VideoReader(clip) as reader:
        list(reader.pictures())
        info = reader.info()
    assert info.recorded_at == (moment.isoformat() if believed else None)
    said = "date_in_future" in [code for code, _ in info.warnings]
    assert said != believed


def test_of_several_dates_the_first_that_is_not_to_come() -> None:
    tags = {APPLE: "2136-01-01T10:00:00+0200", "creation_time": "2026-03-01T17:20:05.000000Z"}
    assert recorded_at(tags) == "2026-03-01T17:20:05+00:00"
    assert recorded_in_future(tags) is None
    del tags["creation_time"]
    assert recorded_at(tags) is None
    assert recorded_in_future(tags) == datetime.fromisoformat(tags[APPLE])
    assert recorded_in_future({}) is None
