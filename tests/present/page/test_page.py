"""What is on the page, without a browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from formcheck import build_report
from formcheck.cli.analyze import run
from formcheck.cli.commands import AnalyzeOptions
from formcheck.pipeline import analyze_track
from formcheck.present.page import cards
from formcheck.present.page.curves import page_data, thinned
from formcheck.present.page.media import data_address, find_player, stills
from formcheck.present.page.render import report_page
from formcheck.reasons import ReasonCode
from formcheck.report.model import PassedPart
from tests.present.page.conftest import FAULTY, ROOT, all_seen, partly_hidden

if TYPE_CHECKING:
    from formcheck.report.model import Report, SetCheckPart
    from tests.present.page.conftest import Written

VENDOR = ROOT / "formcheck" / "present" / "page" / "vendor"
VENDORED = {  # of the npm package uplot 1.6.32 (docs/page.md)
    "uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
    "uPlot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
    "uPlot-LICENSE.txt": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
}


def check_of(report: Report, rule: str) -> SetCheckPart:
    return next(c for c in report.checks if c.rule == rule)


def test_vendored_files_are_the_published_ones_and_licensed() -> None:
    found = {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in VENDOR.iterdir()}
    assert found == VENDORED
    notice = " ".join((ROOT / "NOTICE").read_text().split())
    assert " ".join((VENDOR / "uPlot-LICENSE.txt").read_text().split()) in notice


def test_the_page_is_small_and_names_no_address(written: Written) -> None:
    text = written.page.read_text(encoding="utf-8")
    assert len(text.encode()) < 1_000_000
    own = re.sub(r"<script>.*?</script>|data:image/webp;base64,[\w+/=]+", "", text, flags=re.S)
    assert "://" not in own
    assert re.findall(r"\sstyle=|\son\w+=\"", own) == []  # the policy would refuse them


def test_the_policy_lets_only_the_pages_own_scripts_run(written: Written) -> None:
    text = written.page.read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    assert policy[1].startswith("default-src &#39;none&#39;;")
    assert "unsafe" not in policy[1]
    for part in re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", text, flags=re.S):
        digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        assert f"sha256-{digest}" in policy[1]


def test_no_option_of_a_command_is_named(written: Written) -> None:
    """The page is read by who did not type the command; its source stays in scripts and styles."""
    exercise = written.report.exercise.model_copy(update={"confidence": 0.4})
    nobody = written.report.model_copy(update={"exercise": exercise, "reps": [], "rep_count": 0})
    unknown = exercise.model_copy(update={"id": "unknown", "title": "Unknown"})
    for report in (written.report, nobody, nobody.model_copy(update={"exercise": unknown})):
        text = report_page(report, written.clip, pictures={})
        read = re.sub(r"(?s)<(script|style).*?</\1>", "", text)
        assert re.findall(r"(?<![-\w])--[a-z]+", read) == []


def test_what_the_script_draws(written: Written) -> None:
    data = page_data(written.clip, written.report)
    json.dumps(data, allow_nan=False)
    assert [rep["index"] for rep in data["reps"]] == [1, 2, 3]
    assert 2 <= len(data["curves"]) <= 4
    first = next(c for c in data["curves"][:2] if c["title"] == "Shin lean")  # of the worst fault
    assert len(first["values"]) == len(data["t"])
    flagged = check_of(written.report, "squat.parallel")
    assert [mark["severity"] for mark in first["marks"]] == [
        c.severity for rep in written.report.reps for c in rep.checks if c.rule == flagged.rule
    ]


def test_a_limit_is_drawn_where_its_rule_looks(written: Written) -> None:
    data = page_data(written.clip, written.report)
    thigh = next(c for c in data["curves"] if c["title"] == "Thigh above level")
    (limit,) = thigh["limits"]
    depth = check_of(written.report, "squat.depth")
    assert (limit["value"], limit["above"]) == (depth.limits.mild, depth.better == "low")
    for (start_s, end_s), rep in zip(limit["spans"], written.report.reps, strict=True):
        assert start_s < rep.turn_s < end_s
        assert rep.start_s < start_s


def test_what_is_hidden_is_one_span_where_it_overlaps(written: Written) -> None:
    report = partly_hidden(written.report)
    start_s = report.reps[0].start_s
    assert page_data(written.clip, report)["hidden"] == [
        {"start": start_s, "end": start_s + 1.5, "parts": "wrist and knee"},
        {"start": start_s + 3.0, "end": start_s + 3.5, "parts": "wrist"},
    ]


def test_how_far_to_rely_on_a_clip_is_said_once_near_the_top(written: Written) -> None:
    report = partly_hidden(written.report)
    text = report_page(report, written.clip, pictures={})
    assert "Tracking: partly unsure" not in text  # the sentence says it
    assert text.count("Partly unsure: your wrist.") == 1
    assert text.index("Partly unsure: your wrist.") < text.index('id="watch"')
    assert len(re.findall(r"<rect[^>]*><title>Not followed well ", text)) == 2


def test_good_tracking_names_what_is_hidden_at_times(written: Written) -> None:
    found = written.report.filming
    assert found is not None
    points = [
        point.model_copy(update={"parts": ["wrist", "knee"] if point.topic == "clear" else []})
        for point in found.points
    ]
    filming = found.model_copy(update={"points": points})
    good = written.report.model_copy(update={"filming": filming, "warnings": []})
    text = report_page(good, written.clip, pictures={})
    assert "Tracking: good</span> Not followed well at times: wrist and knee.</p>" in text


def test_an_old_report_tells_nothing_of_trust(written: Written) -> None:
    text = report_page(all_seen(written.report), written.clip, pictures={}).partition("<body>")[2]
    text = text.partition("<script")[0]
    assert "Tracking:" not in text
    assert "Hatched" not in text
    assert "hidden-" not in text


def test_arms_what_is_not_counted_and_an_unsure_count_are_told(written: Written) -> None:
    reps = [
        rep.model_copy(update={"side": ("left", "right")[n % 2]})
        for n, rep in enumerate(written.report.reps)
    ]
    cut = PassedPart(
        start_s=14.2, end_s=15.0, reason="it was cut off", reason_code=ReasonCode.CUT_OFF
    )
    report = written.report.model_copy(
        update={
            "reps": reps,
            "not_counted": [cut],
            "count_range": (8, 9),
            "count_unsure": "the last one is cut off",
        }
    )
    text = report_page(report, written.clip, pictures={})
    assert "8 or 9 reps (the last one is cut off)" in text
    assert '<th scope="col">Arm</th>' in text
    assert text.count("<td>left</td>") + text.count("<td>right</td>") == len(reps)
    assert "<p>Your arms take turns: " in text
    assert "<p>Not counted, 0:14.2 to 0:15.0: it was cut off.</p>" in text
    assert '<th scope="col">Arm</th>' not in report_page(written.report, written.clip, pictures={})


@pytest.mark.parametrize(("seconds", "rate_hz"), [(8, 30), (8, 120), (600, 30), (0.05, 30)])
def test_curves_are_thinned_evenly(seconds: float, rate_hz: float) -> None:
    t_s = np.arange(0, seconds, 1 / rate_hz)
    frames = thinned(t_s)
    assert len(frames) <= min(1500, seconds * 15 + 1)
    assert frames[0] == 0
    assert t_s[-1] - t_s[frames[-1]] <= max(1 / 15, seconds / 1000)


def test_a_still_shows_the_picture_of_its_moment(written: Written) -> None:
    moment = written.report.reps[0].turn_s
    found = stills(written.clip, [moment, 0.0])
    images = []
    for t_s in (0.0, moment):
        kind, _, content = data_address(found[t_s]).partition(",")
        assert kind == "data:image/webp;base64"
        raw = np.frombuffer(base64.b64decode(content), np.uint8)
        images.append(np.asarray(cv2.imdecode(raw, cv2.IMREAD_COLOR), dtype=float))
    assert max(images[0].shape) == 480
    assert np.abs(images[0] - images[1]).mean() > 2


def test_a_clip_that_went_away_leaves_a_page_without_stills(written: Written) -> None:
    tracked = written.clip.tracked
    gone = replace(tracked, video=replace(tracked.video, path="gone.mp4"))
    assert stills(replace(written.clip, tracked=gone), [1.0]) == {}


def test_a_gauge_puts_the_value_among_the_bands(written: Written) -> None:
    for check in written.report.checks:
        gauge = cards.gauge(check)
        if gauge is None or check.value is None or check.over_set is not None:
            continue
        edges = [left for _, left, _ in gauge.bands]
        assert edges == sorted(edges, reverse=check.better == "high")
        (band,) = [name for name, left, width in gauge.bands if left <= gauge.value < left + width]
        worse = {"low": check.value, "high": -check.value, "zero": abs(check.value)}[check.better]
        sign = -1 if check.better == "high" else 1
        limits = [sign * getattr(check.limits, name) for name in ("mild", "moderate", "severe")]
        assert band == ["ok", "mild", "moderate", "severe"][sum(worse > at for at in limits)]
        assert gauge.low <= gauge.value <= gauge.high


def test_the_page_says_all_that_the_report_says(written: Written) -> None:
    text = written.page.read_text(encoding="utf-8")
    report = written.report
    told = [c.title for c in report.checks if c.weight > 0]
    told += [a.name for a in report.upper_back.advice if a.kind != "filming"]
    told += [report.formcheck.rules_sha256, report.formcheck.model.sha256, report.video.sha256]
    told += [f">{report.score:.0f}</text>", report.upper_back.disclaimer]
    assert [words for words in told if words not in text] == []
    assert text.count("<img ") == len(cards.fault_cards(report, {}))
    levels = [int(level) for level in re.findall(r"<h(\d)", text)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_an_unknown_exercise_has_a_page(written: Written) -> None:
    still = written.clip.tracked.track.select(slice(0, 25))
    clip = replace(written.clip, analysis=analyze_track(still))
    report = build_report(clip)
    assert report.exercise.id == "unknown"
    text = report_page(report, clip)
    assert "Exercise not recognised" in text
    assert "<table" not in text
    assert "Knee bend" in text


def test_an_embedded_video_is_the_file(written: Written) -> None:
    player = find_player(written.report, FAULTY, Path(), embed=True)
    assert player is not None
    kind, _, content = player.address.partition(",")
    assert kind == "data:video/mp4;base64"
    assert base64.b64decode(content) == FAULTY.read_bytes()


def test_only_videos_that_browsers_play_are_shown(written: Written) -> None:
    video = written.report.video.model_copy(update={"codec": "mpeg4"})
    old = written.report.model_copy(update={"video": video})
    assert find_player(old, FAULTY, Path(), embed=False) is None
    assert find_player(written.report, Path("a.avi"), Path(), embed=False) is None
    files = written.report.files.model_copy(update={"annotated_video": "annotated.mp4"})
    drawn = old.model_copy(update={"files": files})
    player = find_player(drawn, FAULTY, Path("out"), embed=False)
    assert player is not None
    assert (player.address, player.annotated) == ("annotated.mp4", True)


@pytest.mark.parametrize("html", [True, False])
def test_the_command_writes_the_page_unless_told_not_to(
    html: bool,
    tmp_path: Path,
    shared_cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    written: Written,
) -> None:
    monkeypatch.setenv("FORMCHECK_CACHE", str(shared_cache))
    options = AnalyzeOptions(FAULTY, tmp_path, no_html=not html, quiet=True)
    assert run(options) == 0
    stored = json.loads((tmp_path / "report.json").read_text())
    assert stored["files"]["html"] == ("report.html" if html else None)
    assert (tmp_path / "report.html").exists() == html
    assert written.report.video.sha256 == stored["video"]["sha256"]
