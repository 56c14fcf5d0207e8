"""Everything that a reader sees can be said in another language, in whole sentences."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from formcheck import analyze, build_report, inspect
from formcheck.analysis import UNKNOWN
from formcheck.batch.index import Index
from formcheck.compare import compare
from formcheck.compare.model import build_comparison
from formcheck.history import Recorded, athlete_history
from formcheck.history.clip import clip_of
from formcheck.pose.cache import TrackCache
from formcheck.present.figure import Kind, plot_clip, plot_comparison, plot_reps
from formcheck.present.notebook import plain, table
from formcheck.present.page.curves import page_data
from formcheck.present.page.history import history_page
from formcheck.present.page.pdf import Paper
from formcheck.present.page.render import comparison_page, profile_page, report_page
from formcheck.present.reading import this_week
from formcheck.present.terminal.comparison import terminal_comparison
from formcheck.present.terminal.history import terminal_history
from formcheck.present.terminal.inspection import terminal_inspection
from formcheck.present.terminal.report import terminal_profile, terminal_report
from formcheck.present.video.story import tell
from formcheck.reasons import Reason, ReasonCode
from formcheck.report.build_upper_back import build_profile
from formcheck.report.filming import HiddenPart
from formcheck.report.inspection import build_inspection
from formcheck.report.model import FilesPart, PassedPart
from formcheck.reps.engine import RepKind
from formcheck.rules.book import built_in_book
from formcheck.shown import key_series
from formcheck.upper_back.advice import safety_text
from formcheck.words.language import speaking
from formcheck.words.reasons import sentence
from formcheck.words.terms import BY_HAND
from tests.helpers.languages import CLOSES, OPENS, in_brackets, in_other_letters, spoken, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from formcheck import ClipAnalysis, Report
    from formcheck.inspection import Inspection
    from formcheck.report.model import VideoPart

SAMPLES = Path(__file__).resolve().parents[2] / "sample_videos" / "clips"
CLIPS = ("squat_side_lean", "row_side_tiring", "pull_up_back_asymmetric", "squat_front_knees_in")
FILES = FilesPart(angles_csv="angles.csv", html="report.html")
OWN = re.compile(
    r"/\S+|formcheck|squat|(?:bent_over_|upright_)?row|pull_up|reverse_fly|\w+\.(?:mp4|json|csv|html|parquet|reps)|h264|hevc|"
    r"\{\w+\}|out/|\b(?:Mar|March|Apr|April)\b|\bx\d+|\bm/s\b|\b(?:kg|lb|cm|A|B|ok|anna|Anna)\b"
)
"""What is no word of a language: names of files and programs, units, signs, labels."""
WORD = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture(scope="module")
def clips(shared_cache: Path) -> list[ClipAnalysis]:
    return [analyze(SAMPLES / f"{c}.mp4", cache=TrackCache(shared_cache)) for c in CLIPS]


@pytest.fixture(scope="module")
def looked_at() -> Inspection:
    return inspect(SAMPLES / f"{CLIPS[0]}.mp4")


def printed(content: RenderableType) -> str:
    console = Console(width=300, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as captured:
        console.print(content)
    return captured.get()


def everything(clips: list[ClipAnalysis], looked_at: Inspection) -> Iterator[tuple[str, str]]:
    """All that is said of the clips, text by text, each with where it is."""
    reports = [build_report(clip, FILES) for clip in clips]
    for clip, report in zip(clips, reports, strict=True):
        name = report.exercise.id
        for key, value in fields(report):
            if key in WORDS - {"name"} and isinstance(value, str) and " " in value:
                yield f"report.json {name}", value
        yield f"terminal {name}", printed(terminal_report(report, folder=Path("out"), width=300))
        yield f"notebook {name}", plain(report)
        for text in texts_of(table(report)):
            yield f"notebook {name}", text
        for paper in (None, Paper.A4):
            for text in texts_of(without_settings(report_page(report, clip, paper=paper))):
                yield f"page {name}", text
        data = page_data(clip, report)
        for text in (*data["words"].values(), *(c["meaning"] for c in data["curves"])):
            yield f"script {name}", text
        yield from video(clip)
        yield from figures(clip)
        yield from worse(clip, report)
    yield from several(clips, reports)
    inspection = build_inspection(looked_at)
    yield "inspection", printed(terminal_inspection(inspection))
    for code in ReasonCode:
        yield f"reason {code}", sentence(told(code))


def worse(clip: ClipAnalysis, report: Report) -> Iterator[tuple[str, str]]:
    for other in seldom(report):
        yield "terminal", printed(terminal_report(other, width=300))
        for text in texts_of(without_settings(report_page(other, clip, pictures={}))):
            yield "page", text


def seldom(report: Report) -> Iterator[Report]:
    """The report as it is of clips that are worse, or that were set right by hand."""
    unknown = report.exercise.model_copy(update={"id": UNKNOWN})
    yield report.model_copy(update={"exercise": unknown})
    unsure = report.exercise.model_copy(update={"confidence": 0.4, "source": "detected"})
    yield report.model_copy(update={"reps": [], "rep_count": 0, "exercise": unsure})
    passed = PassedPart(
        start_s=0.0, end_s=2.0, reason=sentence(told(ReasonCode.CUT_OFF)),
        reason_code=ReasonCode.CUT_OFF,
    )  # fmt: skip
    kinds = (RepKind.PARTIAL, RepKind.FAILED, RepKind.INVALID)
    reps = [
        rep.model_copy(update={"kind": kind, "side": side})
        for rep, kind, side in zip(report.reps, kinds, ("left", "right", "left"), strict=False)
    ]
    parts = ("hip", "knee", "wrist")
    hidden = [
        HiddenPart.model_validate({"part": part, "start_s": 0.5 * n, "end_s": n + 1.0})
        for n, part in enumerate(parts)
    ]
    poor = report.tracking.model_copy(update={"trust": "poor", "hidden": hidden})
    yield report.model_copy(
        update={
            "tracking": poor, "score": None, "not_counted": [passed], "reps": reps,
            "by_hand": list(BY_HAND), "count_range": (2, 4),
        }
    )  # fmt: skip


def told(code: ReasonCode) -> Reason:
    """A reason with everything that one may have."""
    return Reason(
        code, view="side_left", views=("front", "oblique"), needed=3, got=2, of=4, share=0.5,
        exercise="Squat", parts=("hip", "knee"), when="eccentric", outside=("hip",),
        reps=(1, 2, 3), at_s=2.0, pace="slow",
    )  # fmt: skip


def several(clips: list[ClipAnalysis], reports: list[Report]) -> Iterator[tuple[str, str]]:
    profile = build_profile(reports)
    yield "profile", printed(terminal_profile(profile))
    for text in texts_of(profile_page(profile, athlete="Anna")):
        yield "profile page", text
    comparison = compare(clips[0].analysis, clips[3].analysis)
    found = build_comparison(comparison, clips[0], clips[3])
    yield "comparison", printed(terminal_comparison(found))
    safety = " ".join(safety_text())
    for text in texts_of(comparison_page(found, b"", safety, video="both.mp4")):
        yield "comparison page", text
    for text in texts_of(plot_comparison(comparison, Kind.SVG).decode()):
        yield "comparison figure", text
    first = datetime(2026, 3, 2, tzinfo=UTC)
    kept = [
        clip_of("Anna", reports[0].model_copy(update={"video": video_of(reports[0], n)}),
                Recorded(first + timedelta(weeks=n), "file"), None)
        for n in range(8)
    ]  # fmt: skip
    history = athlete_history("Anna", kept)
    yield "history", printed(terminal_history(history, wide=True))
    week = this_week(build_profile(reports).upper_back)
    for text in texts_of(
        history_page(history, Path("anna.html"), week=week, profile="profile.html")
    ):
        yield "history page", text
    for text in texts_of(Index(built_in_book(), athlete_of=lambda _name: None).page()):
        yield "index", text


def video_of(report: Report, number: int) -> VideoPart:
    return report.video.model_copy(update={"sha256": f"{number:064x}"})


def video(clip: ClipAnalysis) -> Iterator[tuple[str, str]]:
    story = tell(clip.analysis)
    for t_s in range(12):
        for line in story.headline(float(t_s)).lines:
            yield "video", line
    for message in story.messages:
        yield "video", message.title
        yield "video", message.detail


def figures(clip: ClipAnalysis) -> Iterator[tuple[str, str]]:
    series = key_series(clip.analysis)
    for draw in (plot_clip, plot_reps):
        for text in texts_of(draw(clip.analysis, series, Kind.SVG).decode()):
            yield "figure", text


WORDS = {
    "advice", "answer", "change", "count_unsure", "cues", "disclaimer", "dose", "film", "finding",
    "headline",
    "leading_alternative", "looked_at", "measures", "message", "name", "note", "notice",
    "other_explanations", "reason", "routine", "sentence", "sentences", "stated", "summary",
    "times", "title", "unseen", "variant_title", "why",
}  # fmt: skip
"""Fields of a report that people read; of the same name may be some that programs do."""


def leaves(data: object, key: str = "") -> Iterator[tuple[str, object]]:
    """All values of a report, each with the name of its field."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from leaves(value, name)
    elif isinstance(data, list):
        for value in data:
            yield from leaves(value, key)
    else:
        yield key, data


def fields(report: Report) -> list[tuple[str, object]]:
    return list(leaves(json.loads(report.model_dump_json())))


def without_settings(page: str) -> str:
    """The page without the settings' own names and values, which are the commands'."""
    return re.sub(r'<dl class="made">.*?</dl>', "", page, flags=re.DOTALL)


def test_nothing_is_said_that_no_language_can_say(
    clips: list[ClipAnalysis], looked_at: Inspection, tmp_path: Path
) -> None:
    with spoken(in_other_letters, tmp_path / "languages"):
        left = {
            (where, text.strip()[:160])
            for where, text in everything(clips, looked_at)
            if WORD.search(OWN.sub("", text))
        }
    assert sorted(left) == []


def test_no_sentence_is_put_together_of_pieces(
    clips: list[ClipAnalysis], looked_at: Inspection, tmp_path: Path
) -> None:
    with spoken(in_brackets, tmp_path / "languages"):
        broken = {
            (where, line.strip()[:160])
            for where, text in everything(clips, looked_at)
            if not where.startswith("terminal")  # its narrow headings break within a message
            for line in text.splitlines()
            if pieces(line)
        }
    assert sorted(broken) == []


def pieces(text: str) -> bool:
    """Whether two messages follow each other without a sentence ending between them.

    Two spaces are room between columns.

    >>> pieces("⟦One.⟧ ⟦Two.⟧"), pieces("⟦one⟧ ⟦two⟧"), pieces("⟦in {reps}⟧ 3")
    (False, True, False)
    """
    depth, before = 0, ""
    for at, sign in enumerate(text):
        if sign == OPENS and depth == 0 and before and before not in ".!?:)":
            return not text[:at].endswith("  ")
        depth += (sign == OPENS) - (sign == CLOSES)
        if sign == CLOSES and depth == 0:
            before = text[:at].rstrip(CLOSES)[-1:]
        elif depth == 0 and not sign.isspace():
            before = ""
    return False


ENGLISH_WORDS = re.compile(
    r"\b(the|and|your|you|with|from|were|reps?|at|least|score|clips?|of|to|is|not|lean|than|or)\b",
    re.IGNORECASE,
)


def test_a_german_report_has_no_english_word(
    clips: list[ClipAnalysis], looked_at: Inspection
) -> None:
    with speaking("de"):
        left = {
            (where, text.strip()[:160])
            for where, text in everything(clips, looked_at)
            if ENGLISH_WORDS.search(OWN.sub("", text))
        }
    assert sorted(left) == []


def test_what_programs_read_is_the_same_in_every_language(clips: list[ClipAnalysis]) -> None:
    for clip in clips:
        english = fields(build_report(clip))
        with speaking("de"):
            german = fields(build_report(clip))
        assert len(german) == len(english)
        other = {a[0] for a, b in zip(english, german, strict=True) if a != b}
        assert other <= WORDS | {"language"}
        assert ("language", "de") in german
