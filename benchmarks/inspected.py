"""What a look before judging says of rendered clips that are filmed well or badly on purpose.

    python -m benchmarks.inspected FOLDER

FOLDER holds the clips of `benchmarks.occluded`, which renders them.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.occluded import clips
from formcheck import inspect
from formcheck.errors import NobodyFoundError
from formcheck.filming import Verdict


@dataclass
class Tally:
    """What was said of the clips that one thing spoils."""

    clips: int = 0
    view_right: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    firsts: Counter[str] = field(default_factory=Counter)
    processor_s: list[float] = field(default_factory=list)


def tallied(folder: Path) -> dict[str, Tally]:
    """Look at every clip that is there."""
    found: dict[str, Tally] = defaultdict(Tally)
    for clip in clips():
        if not clip.rendered(folder):
            continue
        tally, begun_s = found[clip.size], time.process_time()
        tally.clips += 1
        try:
            filming = inspect(clip.video(folder)).filming
        except NobodyFoundError:
            tally.verdicts["nobody"] += 1
            continue
        tally.processor_s.append(time.process_time() - begun_s)
        tally.view_right += filming.view.label.group == clip.view
        tally.verdicts[filming.verdict] += 1
        if filming.verdict is not Verdict.GOOD and filming.first is not None:
            tally.firsts[filming.first.topic] += 1
    return found


def table_of(found: dict[str, Tally]) -> Table:
    """One row for each thing that spoils clips."""
    table = Table(title="A look before judging, rendered clips")
    verdicts = [verdict.value for verdict in Verdict]
    for name in ("spoilt by", "clips", "view right", *verdicts, "changed first", "processor, s"):
        table.add_column(name)
    for name, tally in found.items():
        firsts = ", ".join(f"{topic} {count}" for topic, count in tally.firsts.most_common())
        mean_s = sum(tally.processor_s) / max(1, len(tally.processor_s))
        counts = [str(tally.verdicts[verdict]) for verdict in verdicts]
        table.add_row(
            name, str(tally.clips), str(tally.view_right), *counts, firsts or "-", f"{mean_s:.1f}"
        )
    return table


def main() -> None:
    """Look at the clips and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="rendered clips")
    Console(width=120).print(table_of(tallied(parser.parse_args().folder)))


if __name__ == "__main__":
    main()
