"""What drawing on a video costs: time beside the analysis, and memory over a long clip.

    python -m benchmarks.annotate [CLIP]

Without a clip, a sample clip is made 1080 pixels wide. Both commands run in turn, each in
a process of its own, without the cache; the median of the pairs' ratios counts.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import av
import numpy as np

from formcheck.clip import analyze
from formcheck.present.video.video import AnnotateSettings, write_annotated

SAMPLE = Path(__file__).resolve().parents[1] / "sample_videos" / "clips" / "squat_side_lean.mp4"
PAIRS = 3
LONG_S = 600.0
MEGABYTE = 1e6


def enlarge(source: Path, target: Path, *, width: int, height: int) -> None:
    """Encode a clip again at another size."""
    with av.open(str(source)) as clip, av.open(str(target), "w") as out:
        rate = clip.streams.video[0].average_rate
        stream: Any = out.add_stream("libx264", rate=rate, options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for picture in clip.decode(video=0):
            image = picture.to_ndarray(format="rgb24", width=width, height=height)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        out.mux(stream.encode(None))


def repeat(source: Path, target: Path, *, seconds: float) -> None:
    """Copy a clip's packets again and again."""
    with av.open(str(target), "w") as out:
        stream: Any = None
        shift = 0
        while True:
            with av.open(str(source)) as clip:
                own = clip.streams.video[0]
                stream = stream or out.add_stream_from_template(own)
                for packet in clip.demux(own):
                    if packet.dts is None or packet.pts is None:
                        continue
                    packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                    packet.stream = stream
                    out.mux(packet)
                shift += own.duration or 0
                if own.time_base is not None and shift * own.time_base > seconds:
                    return


def run_s(clip: Path, folder: Path, *options: str) -> float:
    """Seconds that an analysis takes."""
    command = [sys.executable, "-m", "formcheck", "analyze", str(clip), "--out", str(folder)]
    begun = time.perf_counter()
    subprocess.run([*command, "--no-cache", "--quiet", *options], check=True)
    return time.perf_counter() - begun


def resident_mb() -> float:
    """Memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / MEGABYTE


def memory(folder: Path) -> None:
    """Print how much memory drawing takes over a clip of ten minutes."""
    clip = folder / "long.mp4"
    repeat(SAMPLE, clip, seconds=LONG_S)
    analysis = analyze(SAMPLE, cache=None)
    object.__setattr__(analysis.tracked.video, "path", str(clip))
    object.__setattr__(analysis.tracked.video, "duration_s", LONG_S)
    seen: list[tuple[float, float]] = []

    def watch(done_s: float, _: float | None) -> None:
        if not seen or done_s - seen[-1][0] > LONG_S / 10:
            seen.append((done_s, resident_mb()))

    write_annotated(analysis, folder / "out.mp4", settings=AnnotateSettings(), progress=watch)
    for done_s, megabytes in seen:
        print(f"{done_s:6.0f} s {megabytes:7.0f} MB")
    after = np.array([megabytes for done_s, megabytes in seen if done_s > LONG_S / 20])
    print(f"grows by {after[-1] - after[0]:.0f} MB from the first tenth to the end")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", nargs="?", type=Path)
    parser.add_argument("--memory", action="store_true", help="Measure memory instead of time.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if asked.memory:
            memory(folder)
            return
        clip = asked.clip or folder / "clip.mp4"
        if asked.clip is None:
            enlarge(SAMPLE, clip, width=1080, height=1920)
        ratios = []
        for _ in range(PAIRS):
            plain = run_s(clip, folder / "plain")
            drawn = run_s(clip, folder / "drawn", "--annotate")
            ratios.append(drawn / plain)
            print(f"analyze {plain:.1f} s, with --annotate {drawn:.1f} s: {ratios[-1]:.2f}")
        print(f"median ratio {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
