"""Figures: what is in them, that they are valid, and that they do not change."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from formcheck.compare import compare
from formcheck.errors import UsageError
from formcheck.kinematics.errors import series_error
from formcheck.pipeline import analyze_track
from formcheck.present.figure import Kind, kind_of, plot_clip, plot_comparison, plot_reps
from formcheck.shown import key_series
from tests.helpers.skeleton import FRONT, even_set, squat

if TYPE_CHECKING:
    from pathlib import Path

    from formcheck import ClipAnalysis
    from formcheck.analysis import Analysis

MAGIC = {Kind.SVG: b"<?xml", Kind.PDF: b"%PDF-", Kind.PNG: b"\x89PNG\r\n\x1a\n"}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def analysis(squat: ClipAnalysis) -> Analysis:
    return squat.analysis


@pytest.fixture(scope="module")
def angles(analysis: Analysis) -> tuple[str, ...]:
    return key_series(analysis, angles=True)


def words(svg: bytes) -> list[str]:
    root = ET.fromstring(svg)
    return ["".join(element.itertext()).strip() for element in root.iter(f"{SVG}text")]


def test_text_stays_text_with_units(analysis: Analysis, angles: tuple[str, ...]) -> None:
    told = words(plot_clip(analysis, angles, Kind.SVG))
    assert {"Knee flexion (deg)", "Trunk lean (deg)", "Time (s)"} <= set(told)
    assert {"1", "2", "3", "± one standard error", "repetition", "turn"} <= set(told)
    assert "limit of a rule" in told
    over = words(plot_reps(analysis, angles, Kind.SVG))
    assert {"Repetition (%)", "descent", "bottom", "ascent", "mean of 3"} <= set(over)
    assert {"mean ± one SD", "Thigh elevation (deg)"} <= set(over)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("plot", [plot_clip, plot_reps])
def test_the_same_clip_gives_the_same_bytes(analysis: Analysis, plot: type, kind: Kind) -> None:
    first, second = (plot(analysis, ["trunk_lean"], kind) for _ in range(2))
    assert first.startswith(MAGIC[kind])
    assert first == second


def test_another_process_gives_the_same_bytes(tmp_path: Path) -> None:
    """Nor does what a program set for its own figures matter."""
    code = """
import sys
import matplotlib
matplotlib.rcParams["font.size"] = float(sys.argv[1])
matplotlib.rcParams["axes.grid"] = sys.argv[1] == "20"
from formcheck.pipeline import analyze_track
from formcheck.present.figure import Kind, plot_clip
from tests.helpers.skeleton import even_set, squat
found = analyze_track(squat(even_set(2)), exercise="squat")
for kind in Kind:
    with open(sys.argv[2] + "." + kind, "wb") as file:
        file.write(plot_clip(found, ["knee_flexion", "trunk_lean"], kind))
assert matplotlib.rcParams["font.size"] == float(sys.argv[1])
assert "matplotlib.pyplot" not in sys.modules
"""
    for size in ("10", "20"):
        subprocess.run([sys.executable, "-c", code, size, str(tmp_path / size)], check=True)
    for kind in Kind:
        first, second = ((tmp_path / f"{size}.{kind}").read_bytes() for size in ("10", "20"))
        assert first == second


def test_an_svg_refers_to_nothing_outside(analysis: Analysis, angles: tuple[str, ...]) -> None:
    svg = plot_reps(analysis, angles, Kind.SVG).decode()
    assert "<!DOCTYPE" not in svg
    assert "<metadata" not in svg
    addresses = set(re.findall(r"""["'(](\w+:[^"')]*)""", svg))
    assert {a for a in addresses if "//" in a} <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    references = re.findall(r"""href=["']([^"']*)|url\(([^)]*)""", svg)
    assert references
    assert all("".join(found).startswith("#") for found in references)


def test_one_column_wide(analysis: Analysis) -> None:
    root = ET.fromstring(plot_clip(analysis, ["trunk_lean"], Kind.SVG))
    assert float(root.attrib["width"].removesuffix("pt")) == pytest.approx(85 / 25.4 * 72, abs=0.01)
    wide = ET.fromstring(plot_clip(analysis, ["trunk_lean"], Kind.SVG, width_mm=174))
    assert float(wide.attrib["width"].removesuffix("pt")) == pytest.approx(493.2, abs=0.1)


def test_a_limit_is_drawn_only_where_its_rule_judged_the_angle() -> None:
    side = analyze_track(squat(even_set(2)), exercise="squat")
    assert "limit of a rule" in words(plot_clip(side, ["thigh_elevation"], Kind.SVG))
    front = analyze_track(squat(even_set(2), camera=FRONT), exercise="squat")
    assert "limit of a rule" not in words(plot_clip(front, ["thigh_elevation"], Kind.SVG))


def test_the_curve_and_its_error_are_where_they_should_be() -> None:
    """Read back from the picture: the band is twice the error high."""
    found = analyze_track(squat(even_set(2)), exercise="squat")
    root = ET.fromstring(plot_clip(found, ["trunk_lean"], Kind.SVG))
    paths = {
        group.attrib["id"]: group.find(f".//{SVG}path")
        for group in root.iter(f"{SVG}g")
        if "id" in group.attrib
    }
    band = next(p for i, p in paths.items() if i.startswith("FillBetween") and p is not None)
    edges = np.array(re.findall(r"[ML] (\S+) (\S+)", band.attrib["d"]), dtype=float)
    lean = found.motion.series("trunk_lean")
    error = series_error(found.motion, "trunk_lean", change=False)
    per_degree = np.ptp(edges[:, 1]) / (np.ptp(lean) + 2 * error)
    start = edges[np.isclose(edges[:, 0], edges[:, 0].min(), atol=0.01)][:, 1]
    assert np.ptp(start) / per_degree == pytest.approx(2 * error, rel=0.02)


def test_what_was_not_seen_is_said(analysis: Analysis) -> None:
    nothing = np.full(len(analysis.motion.t_s), np.nan)
    analysis.motion._cache["grip_width"] = nothing
    for plot in (plot_clip, plot_reps):
        told = words(plot(analysis, ["grip_width", "trunk_lean"], Kind.SVG))
        assert told.count("not seen in this clip") == 1
        assert "Grip width (ratio)" in told


def test_a_clip_of_an_unknown_exercise_has_curves_without_repetitions() -> None:
    unknown = analyze_track(squat(even_set(1, size=0.01)))
    told = words(plot_clip(unknown, key_series(unknown, angles=True), Kind.SVG))
    assert "measured" in told
    assert "repetition" not in told


def test_a_comparison_shows_both_and_the_difference(analysis: Analysis) -> None:
    found = compare(analysis, analysis, rep_b=1)
    svg = plot_comparison(found, Kind.SVG)
    assert svg == plot_comparison(found, Kind.SVG)
    told = words(svg)
    minus = "\N{MINUS SIGN}"
    assert {"A, mean", "A ± one SD", "B, mean", f"B {minus} A", "within twice its error"} <= set(
        told
    )
    assert "B ± one SD" not in told  # one repetition has none
    assert f"B {minus} A: knee flexion (deg)" in told


@pytest.mark.parametrize(("name", "kind"), [("a.svg", "svg"), ("b.PNG", "png"), ("c.d.pdf", "pdf")])
def test_the_suffix_says_the_kind(tmp_path: Path, name: str, kind: str) -> None:
    assert kind_of(tmp_path / name) == Kind(kind)


@pytest.mark.parametrize("name", ["a", "a.jpg", ".svg", "svg", "a.svg.gz"])
def test_other_suffixes_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(
        UsageError, match=r"--out: expected a name that ends in \.svg, \.pdf, \.png"
    ):
        kind_of(tmp_path / name)
