"""``formcheck rules``: what formcheck judges by, and rule files."""

from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.options import RulesOption

OneExercise = Annotated[
    str | None, typer.Argument(metavar="EXERCISE", help="Only the rules for this exercise.")
]


def list_rules(exercise: OneExercise = None, rules: RulesOption = ()) -> None:
    """List the rules: what they measure, their limits, and whether they are on."""
    from formcheck.cli.options import with_rules  # noqa: PLC0415
    from formcheck.present.terminal.rules import print_rules  # noqa: PLC0415
    from formcheck.rules.book import load_book  # noqa: PLC0415

    book = load_book(rules)
    print_rules(book, with_rules(exercise, book))


def show(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="For example squat.depth.")],
    rules: RulesOption = (),
) -> None:
    """Explain one rule: limits, camera views, message, source and effect on the score."""
    from formcheck.present.terminal.rules import print_rule  # noqa: PLC0415
    from formcheck.rules.book import load_book  # noqa: PLC0415

    print_rule(load_book(rules), rule)


def export(
    exercise: OneExercise = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write a new file [default: print]."),
    ] = None,
) -> None:
    """Write the built-in rules to a file to edit and use with --rules."""
    from formcheck.cli.options import with_rules  # noqa: PLC0415
    from formcheck.cli.screen import say_written  # noqa: PLC0415
    from formcheck.errors import OutputError  # noqa: PLC0415
    from formcheck.files import check_place, write_text  # noqa: PLC0415
    from formcheck.present.terminal.rules import export_text  # noqa: PLC0415
    from formcheck.rules.book import built_in_book  # noqa: PLC0415

    book = built_in_book()
    text = export_text(book, with_rules(exercise, book))
    if out is None:
        typer.echo(text.encode(), nl=False)
        return
    if out.is_file():
        raise OutputError(f"{out} is there already: expected the name of a new file.")
    check_place(out)
    write_text(text, out)
    say_written(out)


def check(
    files: Annotated[
        tuple[Path, ...],
        typer.Argument(metavar="FILE", help="Your own rules (TOML), in order."),
    ],
) -> None:
    """Check rule files and say what they change."""
    from formcheck.present.terminal.rules import summary  # noqa: PLC0415
    from formcheck.rules.book import load_book  # noqa: PLC0415

    typer.echo(f"ok: {summary(load_book(files))}")


def series() -> None:
    """List the series and computed measurements that rules can use."""
    from formcheck.present.terminal.rules import print_series  # noqa: PLC0415

    print_series()
