"""How long an analysis takes, beside a plain loop, an earlier version and the network alone.

    python -m benchmarks.speed [CLIP ...] [--pairs 5] [--baseline PYTHON] [--stock FILE.task]
                               [--quality standard ...] [--minutes 1 10 60] [--out FILE]

Every run is a process of its own, measured as the kernel counts it. In each round all ways
take their turn, so that what else the machine does meets all of them; what counts is the
median of the rounds' ratios. Without clips a sample clip is made at several sizes and rates.
What the figures mean is in docs/performance.md.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import platform
import statistics
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from benchmarks.speed_process import ROOT, Program, median, ratio, table, take_turns, told
from formcheck.machine import usable_cores
from formcheck.pose.model import Quality, bundled_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from benchmarks.speed_process import Spent

PARTS = ("clips", "stages", "start")
HEIGHTS, RATES, SECONDS = (240, 720, 1080, 2160), (30, 60), 20.0
STAGE_HEIGHT, LONG_HEIGHT = "_1080p30_", "_720p30_"
"""Of the clips that are made, those for stages and start-up, and for memory."""
CLIPS = "speed-clips-1"
"""Folder below the user's cache; another number when clips are made otherwise."""
FLAGS = {"avx512f": "AVX-512", "avx2": "AVX2"}
PACKAGES = ("ai-edge-litert", "av", "opencv-python-headless", "numpy", "mediapipe")
HERE, PLAIN, NETWORK = "formcheck", "plain loop", "network"
MAKER, INSIDE, LOOP = (f"benchmarks.speed_{name}" for name in ("clips", "inside", "plain"))
LOADS = (
    "import formcheck.cli.analyze, formcheck.pose.follow;"
    "from formcheck.pose.blazepose.network import import_litert; import_litert()"
)
"""All that an analysis imports before it does something."""
STARTS = {
    "import formcheck.cli.analyze": ("-c", "import formcheck.cli.analyze"),
    "formcheck --help": ("-m", "formcheck", "--help"),
}
AGAIN = "analyze, track in cache"


@dataclass(frozen=True)
class Bench:
    """What is compared, how often, and where results go.

    Attributes
    ----------
    here
        This formcheck.
    before
        An earlier one by its version; empty to leave it out.
    stock
        Pose bundle of the plain loop; None to leave the loop out.
    qualities
        Networks of this formcheck.
    pairs
        Rounds.
    out
        File that gets what is printed; None for none.
    """

    here: Program
    before: Mapping[str, Program]
    stock: Path | None
    qualities: Sequence[Quality]
    pairs: int
    out: Path | None

    def say(self, text: str) -> None:
        """Print."""
        print(text, flush=True)
        if self.out is not None:
            with self.out.open("a", encoding="utf-8") as file:
                file.write(f"{text}\n")

    def inside(self, what: str, *clip: str, quality: Quality) -> Spent:
        """A program that measures something itself."""
        return self.here.spend("-m", INSIDE, what, *clip, quality.value)

    def ways(self, clip: Path) -> dict[str, Callable[[], Spent]]:
        """All ways through a clip, and one network."""
        ways: dict[str, Callable[[], Spent]] = {}
        for quality in self.qualities:
            options = ("--no-cache", "--quality", quality.value)
            ways[f"{HERE} {quality}"] = partial(self.here.analyze, clip, *options)
        for version, program in self.before.items():
            ways[version] = partial(program.analyze, clip, "--no-cache")
        if self.stock is not None:
            ways[PLAIN] = partial(self.here.spend, "-m", LOOP, str(clip), str(self.stock))
        for quality in self.qualities:
            ways[f"{NETWORK} {quality}"] = partial(self.inside, NETWORK, quality=quality)
        return ways


@dataclass(frozen=True)
class Compared:
    """One clip with one of the networks.

    Attributes
    ----------
    clip, quality
        Which.
    counts
        What `benchmarks.speed_inside.count` says.
    ways
        Runs of this formcheck, then of what it is compared with.
    network
        Runs of the network alone.
    """

    clip: Path
    quality: Quality
    counts: Mapping[str, float]
    ways: Mapping[str, Sequence[Spent]]
    network: Sequence[Spent]

    @property
    def names(self) -> list[str]:
        """What begins each row."""
        return [self.clip.stem, self.quality.value]

    @property
    def once_ms(self) -> list[float]:
        """One run of the network, in each round."""
        return [told(run)["ms"] for run in self.network]

    def time_row(self) -> list[str]:
        """Seconds by the clock, and ratios."""
        walls_s = [[run.wall_s for run in runs] for runs in self.ways.values()]
        here_s, *others_s = walls_s
        sampled = self.counts["sampled"]
        floor_s = [sampled * ms / 1000 / usable_cores() for ms in self.once_ms]
        return [
            *self.names,
            *(f"{statistics.median(wall_s):.1f}" for wall_s in (*walls_s, floor_s)),
            *(ratio(other_s, here_s) for other_s in others_s),
            ratio(here_s, floor_s),
        ]

    def spent_row(self) -> list[str]:
        """Seconds of processor, and memory."""
        return [
            *self.names,
            *(f"{median(runs, 'cpu_s'):.1f}" for runs in self.ways.values()),
            *(f"{median(runs, 'peak_mb'):.0f}" for runs in self.ways.values()),
        ]

    def pictures_row(self) -> list[str]:
        """How many pictures, and what one costs."""
        seconds, *numbers = self.counts.values()
        megabits = self.clip.stat().st_size * 8 / 1e6
        return [
            *self.names,
            f"{megabits / seconds:.1f}",
            *(f"{number:.0f}" for number in numbers),
            f"{statistics.median(self.once_ms):.1f}",
        ]


def compare(bench: Bench, clips: Sequence[Path]) -> None:
    """All ways through all clips."""
    bench.say("\n## Whole clips\n\nFirst all ways once, not counted.\n")
    take_turns(bench.ways(clips[0]), 1, bench.say)
    found = []
    for clip in clips:
        bench.say(f"\n{clip.name}\n")
        counts = {q: told(bench.inside("count", str(clip), quality=q)) for q in bench.qualities}
        runs = take_turns(bench.ways(clip), bench.pairs, bench.say)
        for quality in bench.qualities:
            others = {name: runs[name] for name in (*bench.before, PLAIN) if name in runs}
            ways = {HERE: runs[f"{HERE} {quality}"]} | others
            network = runs[f"{NETWORK} {quality}"]
            found.append(Compared(clip, quality, counts[quality], ways, network))
    _tell(bench, found)


def _tell(bench: Bench, found: Sequence[Compared]) -> None:
    here, *others = found[0].ways
    names = ("clip", "quality")
    ratios = (*(f"{other} / {here}" for other in others), f"{here} / floor")
    bench.say("\nSeconds by the clock, and ratios: median (least to greatest)\n")
    head = (*names, here, *others, "floor", *ratios)
    bench.say(table(head, [each.time_row() for each in found]))
    bench.say("\nSeconds of processor, and most memory\n")
    spent = (f"{way}, {unit}" for unit in ("s", "MB") for way in found[0].ways)
    bench.say(table((*names, *spent), [each.spent_row() for each in found]))
    bench.say("\nPictures\n")
    kinds = ("pictures", "sampled", "looked at", "landmark runs", "detector runs")
    head = (*names, "Mbit/s", *kinds, "one landmark run, ms")
    bench.say(table(head, [each.pictures_row() for each in found]))


def stages(bench: Bench, clip: Path) -> None:
    """Where the time of one clip goes."""
    bench.say(f"\n## Stages of {clip.name}\n")
    quality = bench.qualities[0]
    ways = {
        "imports": partial(bench.here.spend, "-c", LOADS),
        "stages": partial(bench.inside, "stages", str(clip), quality=quality),
    }
    take_turns(ways, 1, lambda _: None)
    runs = take_turns(ways, bench.pairs, bench.say)
    loads = [(run.wall_s, run.cpu_s, 1) for run in runs["imports"]]
    parts = [told(run) for run in runs["stages"]]
    found = {"starting Python, imports": loads}
    found |= {name: [part[name] for part in parts] for name in parts[0]}
    rows: list[list[str]] = []
    for name, each in found.items():
        wall_s, cpu_s, times = map(statistics.median, zip(*each, strict=True))
        rows.append([name, f"{wall_s:.3f}", f"{cpu_s:.3f}", f"{times:.0f}"])
    bench.say(f"\n{table(('stage', 'wall, s', 'processor, s', 'times'), rows)}")


def start(bench: Bench, clip: Path) -> None:
    """What it costs to begin, and to score a clip again."""
    bench.say(f"\n## Start, and {clip.name} scored again\n")
    programs = {HERE: bench.here, **bench.before}
    ways: dict[str, Callable[[], Spent]] = {}
    for name, program in programs.items():
        for what, arguments in STARTS.items():
            ways[f"{name}: {what}"] = partial(program.spend, *arguments)
        ways[f"{name}: {AGAIN}"] = partial(program.analyze, clip)
    take_turns(ways, 1, lambda _: None)  # the first analysis fills the cache
    runs = take_turns(ways, bench.pairs, bench.say)
    figures = (("wall_s", ".2f"), ("cpu_s", ".2f"), ("peak_mb", ".0f"))
    rows = []
    for name, each in runs.items():
        rows.append([name, *(f"{median(each, what):{form}}" for what, form in figures)])
    bench.say(f"\n{table(('what', 'wall, s', 'processor, s', 'most memory, MB'), rows)}")


def memory(bench: Bench, clip: Path, minutes: Sequence[float]) -> None:
    """Most memory against the clip's length."""
    bench.say(f"\n## Memory: {clip.name} again and again\n")
    rows = []
    with tempfile.TemporaryDirectory(dir=_kept()) as place:
        for length in minutes:
            long = Path(place) / f"{length:g}_minutes{clip.suffix}"
            seconds = f"{60 * length:g}"
            bench.here.spend("-m", MAKER, str(long), "--loop", str(clip), "--seconds", seconds)
            spent = bench.here.analyze(long, "--no-cache")
            bench.say(f"    {length:g} minutes {spent}")
            long.unlink()
            figures = f"{spent.wall_s:.1f}", f"{spent.cpu_s:.1f}", f"{spent.peak_mb:.0f}"
            rows.append([f"{length:g}", *figures])
    bench.say(f"\n{table(('minutes', 'wall, s', 'processor, s', 'most memory, MB'), rows)}")


def _kept() -> Path:
    """Where clips that were made are kept."""
    folder = user_cache_path("formcheck", appauthor=False) / CLIPS
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def made_clips(here: Program, asked: argparse.Namespace) -> list[Path]:
    """Clips of the asked sizes and rates; those made earlier are used again."""
    clips = []
    for height in asked.heights:
        for rate in asked.rates:
            clip = _kept() / f"squat_{height}p{rate}_{asked.seconds:g}s.mp4"
            if not clip.exists():
                print(f"making {clip.name}", flush=True)
                kind = ("--height", f"{height}", "--rate", f"{rate}")
                here.spend("-m", MAKER, str(clip), *kind, "--seconds", f"{asked.seconds:g}")
            clips.append(clip)
    return clips


def _pick(clips: Sequence[Path], name: str) -> Path:
    return next((clip for clip in clips if name in clip.name), clips[0])


def _machine() -> str:
    """The machine and what runs on it, in general words."""
    info = Path("/proc/cpuinfo")
    flags = info.read_text().split() if info.exists() else []
    vectors = next((name for flag, name in FLAGS.items() if flag in flags), "no AVX2")
    installed = importlib.metadata.distributions()
    versions = {f"{known.name} {known.version}" for known in installed if known.name in PACKAGES}
    return (
        f"{usable_cores()} cores, {platform.machine()}, {vectors}; "
        f"Python {platform.python_version()}, {', '.join(sorted(versions))}"
    )


def _before(python: Path | None, cache: Path) -> dict[str, Program]:
    """The earlier formcheck by its version, if one was named."""
    if python is None:
        return {}
    program = Program(python.absolute(), None, cache)
    code = "import formcheck; print(formcheck.__file__); print(formcheck.__version__)"
    file, version = program.spend("-c", code).said.splitlines()
    if Path(file).is_relative_to(ROOT):
        sys.exit("--baseline: this environment has the formcheck that is to be measured.")
    return {f"version {version}": program}


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("clips", nargs="*", type=Path, metavar="CLIP", help="videos [default: made here]")
    add("--pairs", type=int, default=5, help="rounds that count")
    add("--baseline", type=Path, metavar="PYTHON", help="of an earlier formcheck's environment")
    add("--stock", type=Path, metavar="FILE", help="bundle of the full network as published")
    add("--quality", type=Quality, nargs="+", choices=list(Quality), default=[Quality.STANDARD])
    add("--minutes", type=float, nargs="+", default=[], help="measure memory at these lengths")
    add("--parts", nargs="*", choices=PARTS, default=PARTS, help="only these")
    add("--heights", type=int, nargs="+", default=HEIGHTS, help="of clips that are made")
    add("--rates", type=int, nargs="+", default=RATES, help="of clips that are made")
    add("--seconds", type=float, default=SECONDS, help="of clips that are made")
    add("--out", type=Path, metavar="FILE", help="what is printed goes there as well")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    asked = _asked()
    with tempfile.TemporaryDirectory() as place:
        here = Program(Path(sys.executable), ROOT, Path(place) / "here")
        loop = importlib.util.find_spec("mediapipe") is not None
        stock = (asked.stock or bundled_path()).absolute() if loop else None
        before = _before(asked.baseline, Path(place) / "before")
        bench = Bench(here, before, stock, asked.quality, asked.pairs, asked.out)
        bench.say(_machine())
        if stock is None:
            bench.say("The plain loop is left out: it needs formcheck[mediapipe].")
        elif asked.stock is None:
            bench.say("The plain loop runs formcheck's bundle, which lacks the mask (--stock).")
        clips = [clip.absolute() for clip in asked.clips] or made_clips(here, asked)
        if "clips" in asked.parts:
            compare(bench, clips)
        if "stages" in asked.parts:
            stages(bench, _pick(clips, STAGE_HEIGHT))
        if "start" in asked.parts:
            start(bench, _pick(clips, STAGE_HEIGHT))
        if asked.minutes:
            memory(bench, _pick(clips, LONG_HEIGHT), asked.minutes)


if __name__ == "__main__":
    main()
