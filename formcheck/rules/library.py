"""Load rule sets from TOML."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import resources

from formcheck.data_files import built_in, parse_data, read_data
from formcheck.errors import RuleError
from formcheck.rules.schema import RuleSet


def parse_rules(text: str, name: str) -> RuleSet:
    """Check the text of a rule file; see `formcheck.data_files.parse_data`."""
    return parse_data(text, name, RuleSet)


@lru_cache(maxsize=16)
def built_in_rules(exercise: str) -> RuleSet:
    """The rules that come with formcheck for one exercise.

    Raises
    ------
    RuleError
        If there are none.
    """
    file = built_in("rules", f"{exercise}.toml")
    if not file.is_file():
        raise RuleError(f"There are no rules for the exercise {exercise!r}.")
    return read_data(file, RuleSet)


STANDING = "posture"
"""Rules for standing still: no exercise, so nothing detects or counts it."""


@lru_cache(maxsize=1)
def rules_sha256() -> str:
    """Hash of all built-in definition files: it changes when a verdict or an advice may."""
    digest = hashlib.sha256()
    for package in ("formcheck.exercises", "formcheck.rules", "formcheck.upper_back"):
        folder = resources.files(package) / "data"
        for file in sorted(folder.iterdir(), key=lambda f: f.name):
            if file.name.endswith(".toml"):
                digest.update(file.name.encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()
