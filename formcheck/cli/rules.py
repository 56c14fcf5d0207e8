"""The commands of ``formcheck rules``. What they do is imported when they run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from formcheck.cli.failures import plain_failures

rules = typer.Typer(
    help="What formcheck judges by, and your own rule files.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

RuleFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--rules", metavar="FILE", help="Your own rules (TOML); may be given several times."
    ),
]
"""The option ``--rules`` of every command that takes it."""


@rules.command("list")
def list_(
    exercise: Annotated[
        str | None, typer.Argument(metavar="EXERCISE", help="Only the rules of this exercise.")
    ] = None,
    *,
    rule_files: RuleFiles = None,
) -> None:
    """List the rules: what they measure, their limits, and whether they are on."""
    with plain_failures(debug=False):
        from formcheck.present.terminal.rules import print_rules  # noqa: PLC0415
        from formcheck.rules.book import load_book  # noqa: PLC0415

        print_rules(load_book(rule_files or ()), exercise)


@rules.command()
def show(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="For example squat.depth.")],
    *,
    rule_files: RuleFiles = None,
) -> None:
    """Say everything about one rule: limits, views, message, source and cost."""
    with plain_failures(debug=False):
        from formcheck.present.terminal.rules import print_rule  # noqa: PLC0415
        from formcheck.rules.book import load_book  # noqa: PLC0415

        print_rule(load_book(rule_files or ()), rule)


@rules.command()
def export(
    exercise: Annotated[
        str | None, typer.Argument(metavar="EXERCISE", help="Only the rules of this exercise.")
    ] = None,
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write a new file [default: print]."),
    ] = None,
) -> None:
    """Write the built-in rules as a commented file to edit and give back with --rules."""
    with plain_failures(debug=False):
        from formcheck.errors import OutputError  # noqa: PLC0415
        from formcheck.files import check_folder, write_text  # noqa: PLC0415
        from formcheck.present.terminal.rule_file import export_text  # noqa: PLC0415
        from formcheck.rules.book import built_in_book  # noqa: PLC0415

        text = export_text(built_in_book(), exercise)
        if out is None:
            typer.echo(text.encode(), nl=False)
            return
        if out.is_file():
            raise OutputError(f"{out} is there already: expected the name of a new file.")
        check_folder(out.parent)
        write_text(text, out)


@rules.command()
def check(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Your own rules (TOML), in order.")
    ],
) -> None:
    """Say whether rule files are in order, and what they change."""
    with plain_failures(debug=False):
        from formcheck.present.terminal.rules import summary  # noqa: PLC0415
        from formcheck.rules.book import load_book  # noqa: PLC0415

        typer.echo(f"ok: {summary(load_book(files))}")


@rules.command()
def series() -> None:
    """List what a measurement can be made of: series and computed measurements."""
    with plain_failures(debug=False):
        from formcheck.present.terminal.rules import print_series  # noqa: PLC0415

        print_series()
