"""Throughput of batches, beside a plain MediaPipe loop over the same clips.

    python -m benchmarks.batch [FOLDER] [--workers 1 2] [--model PLAIN.task] [--repeat 3]

The plain loop is what one writes with MediaPipe's documentation at hand: every
picture of the clip, in one process, followed by the landmarker with the network
as it was published (``--model``, see models/README.md; without it that of
formcheck). It needs ``formcheck[mediapipe]``. Nothing is cached: every batch starts
with empty results. Processor time and memory are those of the finished processes, as
the kernel counts them.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np

from formcheck.batch.clips import find_clips
from formcheck.batch.executors import local_workers
from formcheck.batch.run import locked, make_plan, run_jobs
from formcheck.batch.settings import RunSettings
from formcheck.machine import usable_cores
from formcheck.pose.engine import mute_native_stderr
from formcheck.pose.model import bundled_path, load_model
from formcheck.pose.reference import import_mediapipe
from formcheck.storage import Folder

SAMPLES = Path(__file__).resolve().parents[1] / "sample_videos" / "clips"
NEVER_S = 3600.0


@dataclass(frozen=True)
class Run:
    """What one way through all clips took."""

    name: str
    clips: int
    frames: int
    wall_s: float
    cpu_s: float
    peak_mb: float
    """Of the largest process."""

    @property
    def clips_per_minute(self) -> float:
        """By the clock."""
        return self.clips * 60 / self.wall_s

    def row(self) -> str:
        """As a line of the table."""
        fps = self.frames / self.wall_s
        return (
            f"{self.name:22} {self.clips_per_minute:8.1f} {fps:8.1f} {fps / usable_cores():8.1f} "
            f"{self.cpu_s / self.clips:8.2f} {1000 * self.cpu_s / self.frames:8.1f} "
            f"{self.peak_mb:8.0f}"
        )


HEAD = (
    f"{'':22} {'clips/min':>8} {'frames/s':>8} {'per core':>8} {'cpu s/clip':>8} "
    f"{'ms/frame':>8} {'peak MB':>8}"
)


def batch(folder: Path, workers: int) -> Run:
    """Time a batch; in a process of its own, so that nothing is loaded yet."""
    clips = Folder(str(folder))
    settings = RunSettings(model_sha256=load_model().sha256)
    with tempfile.TemporaryDirectory() as place:
        os.environ["FORMCHECK_CACHE"] = f"{place}/cache"
        results = Folder(f"{place}/results")
        begun = time.perf_counter()
        with locked(results), local_workers(workers) as (executor, _):
            plan = make_plan(clips, results, find_clips(clips, results=results).clips, settings)
            jobs = plan.jobs
            records = list(run_jobs(jobs, executor, workers=workers, timeout_s=NEVER_S))
        wall_s = time.perf_counter() - begun
        stored = sum(file.size for file in results.files())
    bad = [record for record in records if record.status != "done"]
    if bad:
        print(f"{len(bad)} could not be done, the first: {bad[0].reason}", file=sys.stderr)
    print(f"# {stored / len(records) / 1e3:.0f} kB of results a clip", file=sys.stderr)
    return _measured(f"batch, {workers} workers", len(records), _frames(records), wall_s)


def _frames(records: list[Any]) -> int:
    return sum(record.frames for record in records)


def plain(folder: Path, model: Path) -> Run:
    """Time a plain loop."""
    found = [f.name for f in find_clips(Folder(str(folder)), results=Folder("nowhere")).clips]
    begun = time.perf_counter()
    mp = import_mediapipe()  # loading it counts, as it does for the batch
    mute_native_stderr()
    vision: Any = mp.tasks.vision
    options = vision.PoseLandmarkerOptions(
        base_options=mp.tasks.BaseOptions(model_asset_path=str(model)),
        running_mode=vision.RunningMode.VIDEO,
    )
    frames = 0
    for name in found:
        with (
            vision.PoseLandmarker.create_from_options(options) as landmarker,
            av.open(str(folder / name)) as clip,
        ):
            stream = clip.streams.video[0]
            stream.thread_type = "AUTO"
            last = -1
            for picture in clip.decode(stream):
                last = max(last + 1, round((picture.time or 0) * 1000))
                image = np.ascontiguousarray(picture.to_ndarray(format="rgb24"))
                landmarker.detect_for_video(
                    mp.Image(image_format=mp.ImageFormat.SRGB, data=image), last
                )
                frames += 1
    return _measured("plain loop", len(found), frames, time.perf_counter() - begun)


def _measured(name: str, clips: int, frames: int, wall_s: float) -> Run:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)]
    cpu_s = sum(use.ru_utime + use.ru_stime for use in spent)
    return Run(name, clips, frames, wall_s, cpu_s, max(u.ru_maxrss for u in spent) / 1024)


def in_own_process(*arguments: str) -> Run:
    """One measurement."""
    command = [sys.executable, "-m", "benchmarks.batch", "--once", *arguments]
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    name, *numbers = out.splitlines()[-1].split("\t")
    clips, frames, wall_s, cpu_s, peak_mb = map(float, numbers)
    return Run(name, int(clips), int(frames), wall_s, cpu_s, peak_mb)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SAMPLES)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--model", type=Path, default=bundled_path())
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--once", choices=["batch", "plain"])
    asked = parser.parse_args()
    if asked.once is not None:
        one = (
            plain(asked.folder, asked.model)
            if asked.once == "plain"
            else batch(asked.folder, asked.workers[0])
        )
        print(one.name, one.clips, one.frames, one.wall_s, one.cpu_s, one.peak_mb, sep="\t")
        return
    ways = {"plain": ("plain", "--model", str(asked.model))}
    ways |= {str(n): ("batch", "--workers", str(n)) for n in asked.workers}
    runs: dict[str, list[Run]] = {way: [] for way in ways}
    print(f"{usable_cores()} cores; load before each run in the last column\n{HEAD}")
    for _ in range(asked.repeat):
        for way, (kind, *options) in ways.items():
            load = os.getloadavg()[0]
            runs[way].append(in_own_process(kind, str(asked.folder), *options))
            print(f"{runs[way][-1].row()}   {load:.1f}", flush=True)
    for way in ways:
        pairs = zip(runs[way], runs["plain"], strict=True)
        ratio = statistics.median(
            run.clips_per_minute / base.clips_per_minute for run, base in pairs
        )
        print(f"{runs[way][0].name:22} {ratio:.2f} times the clips a minute of the plain loop")


if __name__ == "__main__":
    main()
