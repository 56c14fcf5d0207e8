"""Options in dataclasses become those of a command, the same everywhere; failures, a sentence."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from typer.core import TyperGroup
from typer.testing import CliRunner

from formcheck.cli.app import app
from formcheck.cli.command import command, plain_failures
from formcheck.errors import OutputError, UsageError


@dataclass(frozen=True)
class Inner:
    depth: Annotated[float, typer.Option(metavar="M", help="How deep.")] = 2.5
    names: Annotated[tuple[str, ...], typer.Option(help="Who.")] = ()


@dataclass(frozen=True)
class Outer:
    place: Annotated[Path, typer.Argument(help="Where.")]
    others: Annotated[tuple[Path, ...], typer.Argument(help="Where else.")]
    inner: Inner = field(default_factory=Inner)
    loud: Annotated[bool, typer.Option("--loud", "-l", help="Say it.")] = False


def run(*arguments: str, code: int | None = None) -> tuple[int, list[Outer], str]:
    """Exit code, what the command was called with, and what was printed."""
    given = []

    def dig(options: Outer) -> int | None:
        """Dig a hole."""
        given.append(options)
        if options.loud:
            raise UsageError("Not so loud.")
        return code

    own = typer.Typer(rich_markup_mode=None)
    own.command()(command(dig))
    done = CliRunner().invoke(own, arguments)
    return done.exit_code, given, done.output


def test_options_are_collected_in_their_dataclasses() -> None:
    given = run("here", "there", "--depth", "3", "--names", "a", "--names", "b")[1]
    assert given == [Outer(Path("here"), (Path("there"),), Inner(3.0, ("a", "b")))]


def test_what_is_not_given_is_as_in_the_dataclass() -> None:
    assert run("here", "there", "yonder")[1] == [
        Outer(Path("here"), (Path("there"), Path("yonder")))
    ]


def test_what_must_be_given_must_be_given() -> None:
    assert run("here")[0] == 2


def test_the_exit_code_is_what_the_function_returns() -> None:
    assert [run("a", "b", code=code)[0] for code in (None, 0, 5)] == [0, 0, 5]


def test_failures_are_one_sentence_unless_debugged() -> None:
    assert run("a", "b", "-l")[::2] == (2, "Not so loud.\n")
    assert "Traceback" in run("a", "b", "-l", "--debug")[2]


def test_help_has_every_option() -> None:
    told = run("--help")[2]
    for words in ("Dig a hole.", "--depth M", "How deep.", "--names", "-l, --loud", "--debug"):
        assert words in told


def ended(error: Exception, *, debug: bool = False) -> int:
    with pytest.raises(typer.Exit) as caught, plain_failures(debug=debug):
        raise error
    return caught.value.exit_code


def test_known_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(OutputError("Cannot write.")) == 6
    assert capsys.readouterr().err == "Cannot write.\n"


def test_unexpected_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(ValueError("two\nlines")) == 1
    expected = "formcheck failed (ValueError: two lines); --debug shows where.\n"
    assert capsys.readouterr().err == expected


def test_debug(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(ValueError("odd"), debug=True) == 1
    assert "Traceback" in capsys.readouterr().err


def test_exit_codes_pass() -> None:
    assert ended(typer.Exit(5)) == 5


def parameters(group: TyperGroup, above: str = "") -> list[tuple[str, Any]]:
    """Each argument and option of every command, with the command."""
    found: list[tuple[str, Any]] = []
    for name, one in group.commands.items():
        if isinstance(one, TyperGroup):
            found += parameters(one, f"{name} ")
        else:
            assert one.help, name
            found += [(f"{above}{name}", parameter) for parameter in one.params]
    return found


def helps(group: TyperGroup) -> list[tuple[str, str]]:
    """What the help of each command ends with."""
    found: list[tuple[str, str]] = []
    for name, one in group.commands.items():
        found += helps(one) if isinstance(one, TyperGroup) else [(name, one.epilog or "")]
    return found


def test_every_help_says_exit_codes_and_what_capitals_mean() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    told = helps(group)
    assert len(told) > 15
    for name, end in told:
        assert end.startswith("Exit codes: 0 "), name
        assert "docs/report.md. Words in capitals" in end, name
    page = Path(__file__).resolve().parents[2] / "docs" / "report.md"
    assert "\n## Exit codes\n" in page.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def every() -> list[tuple[str, Any]]:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return parameters(group)


def test_every_option_is_explained(every: list[tuple[str, Any]]) -> None:
    assert len(every) > 100
    assert [(name, p.name) for name, p in every if not p.help] == []


def test_an_option_means_the_same_in_every_command(every: list[tuple[str, Any]]) -> None:
    """Only what --out writes, and so what --out and --exercise say of it, differs."""
    options: dict[str, set[tuple[Any, ...]]] = {}
    for _, p in every:
        if p.param_type_name == "option":
            told = () if p.name in ("out", "exercise") else (p.metavar, p.help, repr(p.default))
            options.setdefault(p.name, set()).add((tuple(p.opts), p.is_flag, *told))
    assert {name: kinds for name, kinds in options.items() if len(kinds) > 1} == {}
    assert options["out"] == {(("--out", "-o"), False)}
