"""What the texts must not claim (reference, section 6), and that they stay plain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from formcheck.rules.book import built_in_book
from formcheck.upper_back.cues import cue_table
from formcheck.upper_back.library import library, to_film
from formcheck.upper_back.summary import summary_words

if TYPE_CHECKING:
    from collections.abc import Iterator

NOT_WORDS = {"also", "source", "evidence", "id", "group", "rules", "checks", "unit", "region"}
FORBIDDEN = (
    # strength and single muscles: no force is seen
    r"rhomboid", r"trapezi", r"infraspinatus", r"\bEMG\b", r"activat", r"underactive",
    r"\byour (upper|lower) back is (weak|strong)", r"\bweak (upper|lower) back", r"\bweakness",
    # what has no landmark
    r"kypho", r"lordo", r"lumbar", r"thoracic", r"scapul", r"dyskines", r"winging",
    r"butt.?wink", r"pelvic", r"rotator cuff", r"craniovertebral", r"forward.head posture",
    # injury and safety
    r"injur", r"danger", r"\bsafe", r"unsafe", r"impinge", r"\bdis[ck]s?\b", r"damage",
    # what only the lifter knows
    r"\b1 ?RM\b", r"\bRPE\b", r"bar path", r"\blegal\b",
    # others
    r"valgus", r"diagnos", r"disease", r"normal for your (age|sex)", r"\bproven\b", r"guarante",
)  # fmt: skip
ALARM = (r"\balarm", r"serious", r"\bbad\b", r"wrong", r"poor", r"fail(?!, )\w*ure")


def words(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text that a lifter may read, with its place."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in NOT_WORDS:
                yield from words(inner, f"{place}.{key}")
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from words(inner, f"{place}.{number}")


def all_texts() -> list[tuple[str, str]]:
    shown: list[tuple[str, str]] = []
    cues = cue_table()
    for cue in cues.cue:
        parts = {
            "title": cue.title,
            "message": cue.message,
            "looks_at": cue.looks_at,
            "other": cue.other_explanations,
        }
        shown += words(parts, cue.id)
    for explanation in cues.explanation:
        shown += words(
            {"title": explanation.title, "text": explanation.text, "film": explanation.film},
            explanation.id,
        )
    for side in cues.side:
        shown += words({"title": side.title, "message": side.message}, side.id)
    for theme in cues.theme:
        shown += words({"text": theme.text}, theme.id)
    shown += words(to_film(), "film")
    for rule in built_in_book().rules["posture"].rule:
        shown += words({"t": rule.title, "message": rule.message, "film": rule.film}, rule.id)
    shown += words(summary_words().model_dump(mode="json", exclude={"lift"}), "summary")
    advice: dict[str, Any] = library().model_dump(
        exclude={"safety", "partner_upper", "partner_lower"}
    )
    for movement in advice["movement"]:
        movement.pop("swaps")
        movement.pop("easier_on_back")
    for routine in advice["routine"]:
        routine.pop("only")
    for plan in advice["plan"]:
        for key in ("cues", "warm_up", "strength", "trigger", "when"):
            plan.pop(key)
    return [*shown, *words(advice, "advice")]


def test_there_are_texts_to_check() -> None:
    texts = dict(all_texts())
    assert len(texts) > 250
    assert not any(re.fullmatch(r"[a-z]+_[a-z_]+", t) for t in texts.values())


@pytest.mark.parametrize("pattern", FORBIDDEN + ALARM)
def test_nothing_is_claimed_that_a_camera_cannot_know(pattern: str) -> None:
    found = [(p, t) for p, t in all_texts() if re.search(pattern, t, re.IGNORECASE)]
    assert not found


def test_no_cue_message_names_a_cause() -> None:
    for cue in cue_table().cue:
        assert not re.search(r"because|due to|weak|caused", cue.message, re.IGNORECASE)


def test_sentences_stay_short() -> None:
    for place, text in all_texts():
        for sentence in re.split(r"(?<=[.!?:;])\s", text):
            assert len(sentence.split()) <= 32, f"{place}: {sentence}"


def test_texts_are_plain_ascii() -> None:
    """No dashes or signs that a terminal may not show."""
    assert not [(p, t) for p, t in all_texts() if not t.isascii()]


@pytest.mark.parametrize(
    "sign",
    [
        "not medical advice", "detect an injury", "diagnose weakness", "Stop", "sharp pain",
        "arm or leg", "numbness", "tingling", "loss of strength", "fall", "accident", "fever",
        "weight loss", "sudden", "headache", "walking", "bladder", "severe", "getting worse",
        "chest pain", "shortness of breath", "emergency", "under 18", "pregnant", "osteoporosis",
        "operation", "shoulder, neck or back", "doctor or physiotherapist",
    ],
)  # fmt: skip
def test_the_safety_text_says_everything(sign: str) -> None:
    safety = library().safety
    text = f"{safety.short} {safety.see_someone} {safety.ask_first}"
    assert sign in text
