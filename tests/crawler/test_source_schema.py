"""The JSON Schema of source files, for editors, and the reference page that is made from the same models."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from crawler.sources.load import source_paths
from crawler.sources.schema import json_schema
from pushcart.cli import run
from scripts.sources import SCHEMA, written
from tests.crawler.test_source_files import PLAIN

ACCEPTS = Draft202012Validator(json_schema())


def is_accepted(text: str) -> bool:
    return ACCEPTS.is_valid(tomllib.loads(text))


def test_it_is_a_schema():
    Draft202012Validator.check_schema(json_schema())


def test_it_accepts_every_built_in_source(settings):
    built_in, _ = source_paths(settings)
    assert built_in
    assert [path.stem for path in built_in if not is_accepted(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "more",
    [
        "colour = 'red'",
        "verified = 'no'",
        "country = 'za'",
        "[listing]\npages_max = 0",
        "[listing]\nalow = ['x']",
        "[feed]\nlanding = false",
        "[files]\nhtml_text = 'sometimes'",
        "[expect]\ndocuments_per_run = { at_leest = 2 }",
    ],
)
def test_it_marks_what_pushcart_refuses(more):
    assert is_accepted(PLAIN)
    assert not is_accepted(f"{PLAIN}{more}\n")


def test_a_file_without_a_protocol_is_marked():
    assert not is_accepted(PLAIN.replace('protocol = "listing"\n', ""))


def test_a_built_in_kind_needs_no_records():
    assert is_accepted(PLAIN.replace("listing", "api") + '[api]\nkind = "dspace7"\n')


def test_every_field_is_explained():
    tables = json_schema()["$defs"].values()
    unexplained = [
        f"{table['title']}.{key}"
        for table in tables
        for key, field in table.get("properties", {}).items()
        if not field.get("description") and "$ref" not in field
    ]
    assert unexplained == []


def test_the_copy_for_editors_is_what_the_models_say():
    assert SCHEMA.read_text(encoding="utf-8") == written(), "run scripts/sources.py"


def test_the_command_prints_it(capsys):
    assert run(["sources", "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == json_schema()


def test_the_command_prints_every_key_for_people(capsys):
    assert run(["sources", "schema", "--tables"]) == 0
    assert "| `delay_seconds` | `2.0` | Shortest time" in capsys.readouterr().out


def test_the_example_of_the_how_to_is_a_source():
    page = (Path(__file__).parents[2] / "docs" / "adding-a-source.md").read_text(encoding="utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    assert example.startswith("#:schema ")
    assert is_accepted(example)
