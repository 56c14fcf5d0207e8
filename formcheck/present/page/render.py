"""Write the pages. Everything from outside is escaped by the templates."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from formcheck import __version__
from formcheck.analysis import UNKNOWN
from formcheck.present.counting import how_many, rep_notes, why_none
from formcheck.present.one_rule import second_words
from formcheck.present.page import cards
from formcheck.present.page.curves import page_data
from formcheck.present.page.media import data_address, stills
from formcheck.present.page.notes import note_html
from formcheck.present.reading import (
    closest,
    facts_told,
    filmed_as,
    finding_colour,
    in_words,
    main_point,
    not_sure,
    noted,
    parts_hidden,
    this_week,
    to_change,
    unassessed,
    unsure,
    week_reason,
)
from formcheck.present.which_reps import score_scope, score_told
from formcheck.upper_back.cues import Finding
from formcheck.upper_back.summary import summary_words
from formcheck.words import comparison as words
from formcheck.words.counts import count_cell
from formcheck.words.language import _, decimal, later, one_stop, percent, plural, spoken
from formcheck.words.severity import FAULTS
from formcheck.words.terms import (
    DOWN,
    FILM_AGAIN,
    NOTES,
    OTHER_EXERCISE,
    TELL,
    THIS_WEEK,
    UP,
    filmed,
)
from formcheck.words.text import amount, clock, counted, from_to, joined, some
from formcheck.words.tracking import (
    MOST_NAMED,
    ON_TRUST,
    SHORT_SHOTS,
    SIGNS,
    TITLES,
    no_score,
    parts_named,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from formcheck.analysis import AnalysedClip
    from formcheck.compare.model import ComparisonReport
    from formcheck.present.page.media import Image, Player
    from formcheck.present.page.pdf import Paper
    from formcheck.report.model import Profile, Report

ARMS = {"left": later("left"), "right": later("right"), "both": later("both")}
HOME = "formcheck.present.page"
PLOTTER = "vendor/uPlot.iife.min.js"
POLICY = (
    "default-src 'none'; img-src {images}; media-src data: file: blob: 'self'; "
    "style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'"
)


def report_page(
    report: Report,
    clip: AnalysedClip,
    /,
    *,
    player: Player | None = None,
    pictures: Mapping[float, Image] | None = None,
    paper: Paper | None = None,
    zoom: float = 1.0,
) -> str:
    """The page of one clip.

    Parameters
    ----------
    report
        The report.
    clip
        The analysis that it was made from: for curves and stills.
    player
        The video to show; None for a page without one.
    pictures
        Stills of the report's moments (`cards.moments`) as `stills` makes them; None
        reads the clip for them.
    paper
        What it is going to be printed on; None leaves that to whoever prints.
    zoom
        How much larger the paper is laid out than usual.
    """
    if pictures is None:
        pictures = stills(clip, cards.moments(report))
    addresses = {t_s: data_address(image) for t_s, image in pictures.items()}
    annotated = player is not None and player.annotated
    codes = [warning.code for warning in report.warnings]
    return rendered(
        "report.html.jinja",
        scripts=[] if paper else [part(PLOTTER), part("page.js")],
        paper=paper,
        zoom=zoom,
        disclaimer=report.upper_back.disclaimer,
        report=report,
        known=report.exercise.id != UNKNOWN,
        not_sure=not_sure(report) if unsure(report) else "",
        closest=closest(report),
        lifts=sorted(in_words(candidate.id) for candidate in report.exercise.candidates),
        facts_told=facts_told(report),
        main_point=main_point(report),
        why_none="" if report.rep_count else why_none(report),
        notes=[note_html(note) for note in noted(report)],
        notes_title=NOTES,
        down=_(DOWN),
        up=_(UP),
        player=player,
        data=page_data(clip, report, annotated=annotated),
        table=cards.rep_table(report),
        fault_cards=cards.fault_cards(report, addresses),
        noticed_cards=cards.noticed_cards(report, addresses),
        fine_cards=cards.fine_cards(report),
        unassessed=unassessed(report),
        film_tips=cards.film_tips(report),
        hidden_parts=parts_hidden(report)[:MOST_NAMED],
        score_told=score_told(report),
        score_scope=score_scope(report),
        no_score=no_score(report.tracking.trust, codes),
        cut_together=SHORT_SHOTS in codes,
        finding=report.upper_back,
        tells=_tells(report),
    )


def _tells(report: Report) -> bool:
    """Whether the page says what to tell formcheck."""
    asked = report.exercise.id == UNKNOWN or unsure(report)
    return asked or _(TELL) in repr(report).lower()


def profile_page(
    profile: Profile,
    /,
    *,
    athlete: str | None = None,
    history: str | None = None,
    reports: Mapping[str, str] | None = None,
    results: Sequence[str] = (),
    note: str = "",
) -> str:
    """The page of several clips of one lifter.

    Parameters
    ----------
    profile
        What they say together.
    athlete
        Who it is, if that is known.
    history
        Address of the page that shows the lifter over time, if there is one.
    reports
        Addresses of the clips' own pages, by their paths.
    results
        What was put right over time, a sentence each.
    note
        What the coach noted on the clips' folder, Markdown.
    """
    return rendered(
        "profile.html.jinja",
        scripts=[],
        disclaimer=profile.upper_back.disclaimer,
        profile=profile,
        week=this_week(profile.upper_back),
        reason=week_reason(profile.upper_back),
        athlete=athlete,
        history=history,
        reports=reports or {},
        results=results,
        note=note_html(note) if note else "",
        notes_title=NOTES,
        finding=profile.upper_back,
    )


def rendered(
    template: str,
    *,
    scripts: list[str],
    disclaimer: str,
    images: str = "data:",
    paper: Paper | None = None,
    zoom: float = 1.0,
    **content: Any,
) -> str:
    """A page from its template.

    Parameters
    ----------
    template
        Its name.
    scripts
        JavaScript that it needs.
    disclaimer
        What it says at its end.
    images
        Where its pictures may come from, as in a content security policy.
    paper
        What it is going to be printed on.
    zoom
        How much larger the paper is laid out than usual.
    content
        What it shows.
    """
    plots = "vendor/uPlot.min.css" if part(PLOTTER) in scripts else None
    style = ("" if plots is None else part(plots)) + part("style.css")
    if paper is not None:
        style += f"\n@page {{ size: {paper}; }}\nbody {{ zoom: {paper.scale * zoom:g}; }}\n"
    page = _environment().get_template(template)
    text = page.render(
        policy=POLICY.format(
            images=images,
            style=_fingerprint(style),
            script=" ".join(map(_fingerprint, scripts)) or "'none'",
        ),
        style=style,
        scripts=scripts,
        disclaimer=disclaimer,
        version=__version__,
        language=spoken(),
        **content,
    )
    return text.encode("utf-8", "replace").decode("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(HOME),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "_": _for_page,
        "plural": plural,
        "counted": counted,
        "bdi": _isolated,
        "filmed": filmed,
        "filmed_as": filmed_as,
        "from_to": from_to,
        "percent": percent,
        "decimal": decimal,
        "parts_named": parts_named,
        "count_cell": count_cell,
        "arms": ARMS,
        "how_many": how_many,
        "rep_notes": rep_notes,
        "film_again": FILM_AGAIN,
        "other_exercise": OTHER_EXERCISE,
        "this_week": THIS_WEEK,
        "finding_colour": finding_colour,
        "faults": FAULTS,
        "grades": cards.BADGES,
        "trust_badges": {trust: (SIGNS[trust], title) for trust, title in TITLES.items()},
        "on_trust": ON_TRUST,
        "to_change": to_change,
        "gauge_width": int(cards.GAUGE_WIDTH),
        "finding_short": {grade.value: summary_words().grade[grade] for grade in Finding},
        "level_posture": summary_words().say.posture_level,
        "limit_words": cards.limit_words,
    }
    environment.filters |= {
        "clock": clock,
        "amount": amount,
        "joined": joined,
        "said": _,
        "some": some,
        "second_words": second_words,
    }
    return environment


class _Message(Markup):
    """A message on a page, as `Sentence` is elsewhere."""

    def format(self, *args: Any, **places: Any) -> _Message:
        """With what is put in."""
        return _Message(one_stop(super().format(*args, **places)))


def _for_page(message: str) -> Markup:
    """A message in the language that is spoken, ready for text and for attributes.

    What is put in is escaped when it is; apostrophes may stay as they are.
    """
    return _Message(escape(_(message), quote=False).replace('"', "&#34;"))


def _isolated(text: str) -> Markup:
    """Words of a user, which may run from right to left."""
    return Markup("<bdi>{}</bdi>").format(text)


def part(name: str, /) -> str:
    """A script or style that comes with formcheck, by its name."""
    return resources.files(HOME).joinpath(name).read_text(encoding="utf-8")


def _fingerprint(text: str) -> str:
    """A content security policy's name for an inline script or style."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def comparison_page(
    report: ComparisonReport, figure: bytes, disclaimer: str, /, *, video: str | None = None
) -> str:
    """The page of a comparison.

    Parameters
    ----------
    report
        The comparison.
    figure
        The curves as SVG. As a picture it keeps its own style, which the page's
        security policy would not allow it in the text.
    disclaimer
        What the page says at its end.
    video
        Name of the video next to the page; None without one.
    """
    return rendered(
        "comparison.html.jinja",
        scripts=[],
        disclaimer=disclaimer,
        report=report,
        figure=f"data:image/svg+xml;base64,{base64.b64encode(figure).decode('ascii')}",
        video=video,
        words=words,
    )
