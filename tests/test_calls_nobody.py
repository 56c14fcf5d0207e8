"""No command opens an internet connection: watched at a proxy, in system calls, without a network.

Every command is run twice as a user would run it, in the order of `STORY`: once where all
proxy variables point to a listener, once in a network namespace without interfaces. Both
times system calls are traced, for what connects by itself asks no proxy, and what fails to
connect may say nothing.
"""

from __future__ import annotations

import os
import shlex
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer

from formcheck.cli.app import app
from formcheck.pose.engine import Engine
from tests.conftest import SAMPLES
from tests.helpers.remux import remux
from tests.helpers.watched import Watched, no_network, watch, why_networked, why_untraced

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 3.4
"""Enough for one repetition."""
# No track is kept when the story begins, so analyze, batch and annotate really track.
STORY = {
    "analyze squat.mp4 --no-cache --annotate --embed-video": 0,
    **{
        f"analyze squat.mp4 --no-cache --engine {engine} --out {engine} --sample-rate 10": 0
        for engine in Engine
        if engine is not Engine.LITERT  # that is what runs when none is named
    },
    "inspect squat.mp4 --json look.json": 0,
    "batch clips --by-folder": 0,
    "analyze elsewhere.m3u8": 3,
    "annotate squat.mp4 --slow-faults --blur-face": 0,
    "plot squat.mp4 -o squat.pdf": 0,
    "compare squat.mp4 squat.mp4 --video": 0,
    "export squat_formcheck/report.json -f csv": 0,
    "export squat_formcheck/report.json -f trc": 0,
    "export squat_formcheck/report.json -f c3d": 0,
    "profile squat_formcheck/report.json": 0,
    "history anna --add squat_formcheck/report.json --page anna.html --export anna.parquet": 0,
    "history": 0,
    "history anna --delete --yes": 0,
    "rules list": 0,
    "rules show squat.depth": 0,
    "rules export squat -o mine.toml": 0,
    "rules check mine.toml": 0,
    "rules series": 0,
    "exercises --rules mine.toml": 0,
    "schema": 0,
    "cache path": 0,
    "cache size": 0,
    "cache clear": 0,
}
"""Commands, and how each ends."""
PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n"
"""Not a clip but the address of one, which is not followed."""

# Children that call, to show that a call is seen.
ASKS = "from urllib.request import urlopen; urlopen('http://formcheck.invalid/asked', timeout=5)"
LEAVES = f"""
import subprocess, sys
subprocess.Popen(
    [sys.executable, "-c", "import time; time.sleep(0.1); " + {ASKS!r}],
    stdout=subprocess.DEVNULL,
    stderr=subprocess.DEVNULL,
)
"""
OPENS = "import socket; socket.socket(socket.{family}, socket.SOCK_DGRAM)"
TALKS = "import socket; socket.socketpair(); socket.socket(socket.AF_UNIX)"


def run_story(folder: Path, around: Sequence[str] = ()) -> dict[str, Watched]:
    remux(SAMPLES / "squat_side_good.mp4", folder / "squat.mp4", seconds=SECONDS)
    remux(SAMPLES / "squat_side_good.mp4", folder / "clips/anna/squat.mp4", seconds=SECONDS)
    (folder / "elsewhere.m3u8").write_text(PLAYLIST)
    environment = os.environ | {
        "FORMCHECK_CACHE": str(folder / "tracks"),
        "FORMCHECK_HISTORY": str(folder / "history.sqlite"),
        "PYTHONPATH": str(ROOT),
    }
    return {
        line: watch(
            [sys.executable, "-m", "formcheck", *shlex.split(line)],
            folder / "trace",
            environment=environment,
            cwd=folder,
            around=around,
        )
        for line in STORY
    }


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Watched]]:
    """Both runs of the story, at once; only one where the network cannot be taken away."""
    ways: dict[str, Sequence[str] | None] = {"proxy": (), "no network": no_network()}
    with ThreadPoolExecutor() as pool:
        begun = {
            way: pool.submit(run_story, tmp_path_factory.mktemp("story"), around)
            for way, around in ways.items()
            if around is not None
        }
    return {way: run.result() for way, run in begun.items()}


@pytest.fixture
def tracing() -> None:
    if why_untraced():
        pytest.skip(f"System calls cannot be traced: {why_untraced()}.")


@pytest.fixture
def unplugged() -> tuple[str, ...]:
    way = no_network()
    if way is None:
        pytest.skip(f"The network cannot be taken away: {why_networked()}.")
    return way


def wrong_ends(run: dict[str, Watched]) -> str:
    """A line for each command that did not end as it should."""
    return "\n".join(
        f"{line}: exit code {seen.exit_code}, {seen.said}"
        for line, seen in run.items()
        if seen.exit_code != STORY[line]
    )


def leaves(group: typer.core.TyperGroup, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command that does something, as it is typed."""
    for name, command in group.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            yield from leaves(command, (*above, name))
        else:
            yield (*above, name)


def test_the_story_has_every_command() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    lines = [tuple(line.split()) for line in STORY]
    assert [c for c in leaves(group) if not any(line[: len(c)] == c for line in lines)] == []


def test_no_command_calls_through_a_proxy(runs: dict[str, dict[str, Watched]]) -> None:
    wrong = wrong_ends(runs["proxy"])
    assert not wrong, wrong
    calls = "\n".join(
        f"{line}: {call!r}" for line, seen in runs["proxy"].items() for call in seen.calls
    )
    assert not calls, calls


@pytest.mark.usefixtures("unplugged")
def test_no_command_needs_a_network(runs: dict[str, dict[str, Watched]]) -> None:
    wrong = wrong_ends(runs["no network"])
    assert not wrong, wrong


@pytest.mark.usefixtures("tracing")
def test_no_command_opens_a_socket_to_anywhere(runs: dict[str, dict[str, Watched]]) -> None:
    opened = "\n".join(
        f"{line} ({way}): {call}"
        for way, run in runs.items()
        for line, seen in run.items()
        for call in seen.sockets
    )
    assert not opened, opened


@pytest.mark.parametrize("code", [ASKS, LEAVES], ids=["itself", "left_running"])
def test_a_call_through_the_proxy_is_seen(code: str, tmp_path: Path) -> None:
    seen = watch([sys.executable, "-c", code], tmp_path / "trace")
    assert [call.partition(b" HTTP")[0] for call in seen.calls] == [
        b"GET http://formcheck.invalid/asked"
    ]


@pytest.mark.usefixtures("tracing")
@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_NETLINK"])
def test_a_socket_is_seen(family: str, tmp_path: Path) -> None:
    seen = watch([sys.executable, "-c", OPENS.format(family=family)], tmp_path / "trace")
    assert f"socket({family}, " in seen.sockets[0]
    assert seen.calls == ()


@pytest.mark.usefixtures("tracing")
def test_a_call_of_what_is_left_running_is_traced(tmp_path: Path) -> None:
    seen = watch([sys.executable, "-c", LEAVES], tmp_path / "trace")
    assert any("connect(" in line and "127.0.0.1" in line for line in seen.sockets)


@pytest.mark.usefixtures("tracing")
def test_a_socket_between_own_processes_is_no_call(tmp_path: Path) -> None:
    seen = watch([sys.executable, "-c", TALKS], tmp_path / "trace")
    assert (seen.exit_code, seen.sockets) == (0, ())


def test_where_the_network_is_taken_away_nobody_is_reached(
    unplugged: tuple[str, ...], tmp_path: Path
) -> None:
    seen = watch([sys.executable, "-c", ASKS], tmp_path / "trace", around=unplugged)
    assert seen.exit_code != 0
    assert "unreachable" in seen.said
    assert seen.calls == ()
    assert bool(seen.sockets) is (why_untraced() is None)
