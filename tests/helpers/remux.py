"""Copies of clips with the same pictures: cut short, dated, in another container."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import av

if TYPE_CHECKING:
    from pathlib import Path


def remux(
    source: Path, target: Path, *, seconds: float = math.inf, recorded_at: str | None = None
) -> Path:
    """Copy the packets of a clip's first seconds into a new file, and return its path."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(source)) as old, av.open(str(target), "w") as new:
        if recorded_at is not None:
            new.metadata["creation_time"] = recorded_at
        stream = old.streams.video[0]
        copy = new.add_stream_from_template(stream)
        for packet in old.demux(stream):
            if packet.pts is None or packet.time_base is None:
                continue
            if float(packet.pts * packet.time_base) < seconds:
                packet.stream = copy
                new.mux(packet)
    return target
