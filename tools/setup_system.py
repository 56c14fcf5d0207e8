"""Check what formcheck needs from the system, before anything of it is installed.

    python3 tools/setup_system.py [--check] [--tests]

Needs only the standard library. formcheck itself needs no more than Python. With
``--tests``, programs that tests run are looked for as well, and installed with apt when
that is possible and ``--check`` is not given; otherwise the one line to run is printed.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys

OLDEST_PYTHON = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TEST_PROGRAMS = {
    "The tests of report.html need a browser": BROWSERS,
    "The test that formcheck calls nobody needs strace": ("strace",),
}
"""Which tests need a program, and those that will do; Debian's package is the first."""


def python_problem() -> str | None:
    """What is wrong with the running Python, as a sentence, or None."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return (
            f"formcheck needs Python 3.11 or newer, but {sys.executable} is {version}. "
            "Name another one: make setup PYTHON=python3.12"
        )
    if importlib.util.find_spec("ensurepip") is None:
        return (
            f"{sys.executable} cannot make virtual environments. On Debian or Ubuntu run: "
            "sudo apt-get install -y python3-venv"
        )
    return None


def install(packages: list[str]) -> None:
    """Install Debian packages; apt's own messages say what goes wrong."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
        env=environment,
        check=False,
    )


def program(names: tuple[str, ...]) -> str | None:
    """Path of the first program that is there, or None."""
    return next((path for name in names if (path := shutil.which(name))), None)


def browser() -> str | None:
    """Path of a browser for the tests, or None."""
    return program(BROWSERS)


def missing_programs() -> dict[str, str]:
    """Which tests lack their program, and the Debian package that brings it."""
    return {need: names[0] for need, names in TEST_PROGRAMS.items() if program(names) is None}


def may_install() -> bool:
    """Whether packages can be installed without asking anybody."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def provide_programs(*, check: bool) -> None:
    """Install what tests run where possible, else say how: only those tests need it."""
    missing = missing_programs()
    if missing and not check and may_install():
        print(f"Installing programs for the tests: {' '.join(missing.values())}")
        install([*missing.values()])
        missing = missing_programs()
    for need, package in missing.items():
        print(
            f"{need}. On Debian run:\n  sudo apt-get update && sudo apt-get install -y {package}",
            file=sys.stderr,
        )


def main() -> int:
    """Check, install where allowed, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="check only, install nothing")
    parser.add_argument("--tests", action="store_true", help="also what the tests need")
    options = parser.parse_args()
    problem = python_problem()
    if problem:
        print(problem, file=sys.stderr)
        return 1
    if options.tests:
        provide_programs(check=options.check)
    return 0


if __name__ == "__main__":
    sys.exit(main())
