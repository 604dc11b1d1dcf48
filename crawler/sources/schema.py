"""The models of source files as a JSON Schema for editors, and as tables for people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from crawler.sources.load import ANY_SOURCE
from crawler.sources.model import PROTOCOLS, SourceFile

_COMMON = ("files", "polite", "expect", "schedule")


class EditorSchema(GenerateJsonSchema):
    """What editors should know: no `null`, which TOML does not have, and no titles made of names."""

    def nullable_schema(self, schema: Any) -> dict[str, Any]:
        """Return the schema of the value that is not null."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: Any) -> dict[str, Any]:
        """Return a schema with its default, where that is a value that a person can write."""
        made = super().default_schema(schema)
        if isinstance(made.get("default"), (dict, list)) or made.get("default") is None:
            made.pop("default", None)
        return made

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Return that no field has a title."""
        return False


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a source file, whichever its protocol."""
    schema = ANY_SOURCE.json_schema(schema_generator=EditorSchema)
    for each in schema["$defs"].values():
        properties = each.get("properties", {})
        if "slug" in properties:
            each["required"].append("protocol")
            properties["protocol"]["description"] = SourceFile.model_fields["protocol"].description
        if "kind" in properties:
            del each["required"]  # `kind` stands for `records`
    return {"$schema": EditorSchema.schema_dialect, "title": "Pushcart source file", **schema}


def field_tables() -> str:
    """Return the tables of all fields as Markdown, each under the name of its table."""
    definitions = json_schema()["$defs"]
    names = {key for key in SourceFile.model_fields if key not in _COMMON}
    lines = ["### At the top", "", *_rows(definitions["ListingSource"], definitions, only=names)]
    for protocol, model in PROTOCOLS.items():
        if protocol != "addresses":
            lines += _table(protocol, definitions[model.__name__]["properties"][protocol], definitions)
    for name in _COMMON:
        lines += _table(name, definitions["ListingSource"]["properties"][name], definitions)
    return "\n".join(lines)


def _table(name: str, field: dict[str, Any], definitions: dict[str, Any]) -> Iterator[str]:
    table = definitions[field["$ref"].rpartition("/")[2]]
    yield from ("", f"### `[{name}]`", "", table["description"], "")
    yield from _rows(table, definitions)
    for key, each in table["properties"].items():
        if "$ref" in each and key == "load_more":
            yield from _table(f"{name}.{key}", each, definitions)


def _rows(table: dict[str, Any], definitions: dict[str, Any], *, only: set[str] | None = None) -> Iterator[str]:
    yield from ("| key | value | meaning |", "|---|---|---|")
    for key, field in table["properties"].items():
        if key not in ("allow", "deny") and (only is None or key in only):
            meaning = " ".join(field.get("description", "").split())
            is_needed = "Required. " if key in table.get("required", ()) else ""
            yield f"| `{key}` | {_value(key, field, definitions)} | {is_needed}{meaning} |"


def _value(key: str, field: dict[str, Any], definitions: dict[str, Any]) -> str:
    """Return the default of a field, or its choices, or else what it is."""
    if "$ref" in field:
        field = definitions[field["$ref"].rpartition("/")[2]] | field
    choices = list(PROTOCOLS) if key == "protocol" else [each for each in field.get("enum", ()) if each]
    if choices:
        return ", ".join(f"`{each}`" for each in choices)
    if field.get("default") not in (None, ""):
        return f"`{json.dumps(field['default'])}`"
    names = {"jmespath": "JMESPath", "regex": "regexes", "selector": "selector"}
    kinds = {"integer": "number", "object": "table", "string": "text"}
    return names.get(field.get("format", "")) or kinds.get(field.get("type", ""), "list")
