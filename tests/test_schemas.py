"""The JSON Schema of everything that is written as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from formcheck.errors import UsageError
from formcheck.schemas import DIALECT, MEANINGS, MODELS, json_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from formcheck import Report


def fields(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for part, own in ((schema["title"], schema), *schema.get("$defs", {}).items()):
        for field, told in own.get("properties", {}).items():
            yield part, field, told


@pytest.mark.parametrize("name", MODELS)
def test_a_schema_says_what_it_is_and_what_every_field_means(name: str) -> None:
    schema = json_schema(name)
    assert schema["$schema"] == DIALECT
    assert schema["$id"] == f"urn:formcheck:{name}:1.0"
    told = list(fields(schema))
    assert told
    assert not [f"{part}.{field}" for part, field, of in told if not of.get("description")]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UsageError, match=r"one of report, profile, .*, got 'track'"):
        json_schema("track")


def test_every_meaning_is_used() -> None:
    used = set()
    for model in MODELS.values():
        for part, field, of in fields(model.model_json_schema(mode="serialization")):
            if not of.get("description"):
                own = f"{part}.{field}"
                used.add(own if own in MEANINGS else field)
    assert used == set(MEANINGS)


def test_a_report_is_what_its_schema_says(squat_report: Report) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json_schema("report")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(squat_report.model_dump(mode="json"), schema)
    wrong = squat_report.model_dump(mode="json") | {"score": "high"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema)
