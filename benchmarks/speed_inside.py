"""What `benchmarks.speed` measures inside a process: one network, counts, and stages.

    python -m benchmarks.speed_inside network QUALITY
    python -m benchmarks.speed_inside count CLIP QUALITY
    python -m benchmarks.speed_inside stages CLIP QUALITY

Each prints one line of JSON. Methods of formcheck are wrapped here; how it goes about its
work stays the same.
"""

from __future__ import annotations

import functools
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from formcheck.clip import ClipAnalysis
from formcheck.machine import CORES_VARIABLE
from formcheck.pipeline import analyze_track
from formcheck.pose import follow, tracker
from formcheck.pose.blazepose.detector import Detector
from formcheck.pose.blazepose.landmarker import Landmarker
from formcheck.pose.blazepose.network import Network, import_litert
from formcheck.pose.engine import quiet_stderr
from formcheck.pose.model import Quality, load_model
from formcheck.pose.tracker import DEFAULT_RATE_HZ, TrackSettings, track_video
from formcheck.present.page.cards import moments
from formcheck.present.page.media import find_player, stills
from formcheck.present.page.render import report_page
from formcheck.report.build import build_report
from formcheck.report.files import ANGLES_FILE, PAGE_FILE, write_report
from formcheck.report.model import FilesPart
from formcheck.rules.book import load_book
from formcheck.video import VideoReader
from formcheck.video.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WARM, CALLS = 20, 200


def network(quality: Quality) -> dict[str, float]:
    """Milliseconds of one call of the landmark network, one thread, on noise."""
    with quiet_stderr():
        interpreter = import_litert()(
            model_content=load_model(quality).networks()[1], num_threads=1
        )
        interpreter.allocate_tensors()
    (wanted,) = interpreter.get_input_details()
    noise = np.random.default_rng(0).random(wanted["shape"], dtype=np.float32)
    interpreter.set_tensor(wanted["index"], noise)
    took_ms = []
    for _ in range(WARM + CALLS):
        begun = time.perf_counter()
        interpreter.invoke()
        took_ms.append(1000 * (time.perf_counter() - begun))
    return {"ms": statistics.median(took_ms[WARM:])}


def count(clip: Path, quality: Quality) -> dict[str, float]:
    """How many pictures a clip has, and how many of them the networks see."""
    lock = threading.Lock()
    seen: list[float] = []
    found: list[float] = []

    def counted(owner: Any, name: str, times_s: list[float]) -> None:
        whole = getattr(owner, name)

        @functools.wraps(whole)
        def call(self: Any, picture: Picture, *rest: Any) -> Any:
            with lock:
                times_s.append(picture.t_s)
            return whole(self, picture, *rest)

        setattr(owner, name, call)

    counted(Landmarker, "measure", seen)
    counted(Detector, "find", found)
    tracked = track_video(clip, load_model(quality))
    return {
        "seconds": tracked.video.duration_s,
        "pictures": tracked.video.frames,
        "sampled": len(tracked.track),
        "looked_at": len(set(seen)),
        "landmark_runs": len(seen),
        "detector_runs": len(found),
    }


@dataclass
class Part:
    """What was spent in one part, that in parts within it left out."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    times: int = 0


@dataclass
class Stopwatch:
    """Measures nested parts of what one thread does.

    Attributes
    ----------
    clock
        Processor time: of the thread, or of the process.
    """

    clock: Callable[[], float]
    parts: dict[str, Part] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)
    _last: tuple[float, float] = (0.0, 0.0)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count what happens meanwhile to a part."""
        self._mark()
        self._open.append(name)
        self.parts.setdefault(name, Part()).times += 1
        try:
            yield
        finally:
            self._mark()
            self._open.pop()

    def wrap(self, owner: Any, method: str, name: str) -> None:
        """Count calls of a function to a part; ``{}`` in its name stands for the part around."""
        whole = getattr(owner, method)

        @functools.wraps(whole)
        def call(*positional: Any, **named: Any) -> Any:
            with self.part(name.format(self._open[-1] if self._open else "")):
                return whole(*positional, **named)

        setattr(owner, method, call)

    def _mark(self) -> None:
        now = time.perf_counter(), self.clock()
        if self._open:
            part = self.parts[self._open[-1]]
            part.wall_s += now[0] - self._last[0]
            part.cpu_s += now[1] - self._last[1]
        self._last = now


def stages(clip: Path, quality: Quality) -> dict[str, tuple[float, float, int]]:
    """Wall and processor seconds, and number of times, of each stage of ``formcheck analyze``.

    Networks run on one core, so that all of it happens in this thread; decoding, which
    has threads of its own, is measured alone before.
    """
    os.environ[CORES_VARIABLE] = "1"
    alone = Stopwatch(time.process_time)
    with alone.part("decoding alone"), VideoReader(clip) as reader:
        for _ in reader.pictures(rate_hz=DEFAULT_RATE_HZ):
            pass
    tracking = Stopwatch(time.thread_time)
    tracking.wrap(tracker, "load_engine", "loading the networks")
    tracking.wrap(Picture, "sample", "cutting squares out of pictures")
    tracking.wrap(Detector, "find", "finding people")
    tracking.wrap(Landmarker, "measure", "landmarks")
    tracking.wrap(Network, "run", "{}, network")
    tracking.wrap(follow, "smooth", "smoothing over time")
    model, settings = load_model(quality), TrackSettings()
    with tracking.part("following (waits for decoding)"):
        tracked = track_video(clip, model, settings)
    after = Stopwatch(time.process_time)
    with after.part("loading the rules"):
        book = load_book(())
    with after.part("cleaning, angles, repetitions, rules"):
        analysis = analyze_track(tracked.track, book=book)
    whole = ClipAnalysis(tracked, model, settings, book, analysis)
    with tempfile.TemporaryDirectory() as place:
        _report(whole, clip, Path(place), after)
    parts = alone.parts | tracking.parts | after.parts
    return {name: (part.wall_s, part.cpu_s, part.times) for name, part in parts.items()}


def _report(whole: ClipAnalysis, clip: Path, folder: Path, watch: Stopwatch) -> None:
    with watch.part("report"):
        report = build_report(whole, FilesPart(angles_csv=ANGLES_FILE, html=PAGE_FILE))
    with watch.part("stills"):
        pictures = stills(whole, moments(report))
    with watch.part("page"):
        player = find_player(report, clip, folder, embed=False)
        page = report_page(report, whole, player=player, pictures=pictures)
    with watch.part("writing"):
        write_report(report, whole.analysis.motion, folder, page=page)


def main() -> None:
    """Measure one thing and print it."""
    what, *clip, quality = sys.argv[1:]
    if what == "network":
        found: Any = network(Quality(quality))
    else:
        found = {"count": count, "stages": stages}[what](Path(*clip), Quality(quality))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
