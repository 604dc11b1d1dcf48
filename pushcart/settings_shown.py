"""All settings with their defaults and meanings, read from the code of `Settings`."""

from __future__ import annotations

import ast
import inspect
import itertools
from dataclasses import dataclass, fields

from corpus.settings import PREFIX, Settings


@dataclass(frozen=True, slots=True)
class ExplainedSetting:
    """A setting as people see it."""

    name: str
    """The environment variable."""
    default: str
    """As it would be written in the environment; empty: nothing."""
    meaning: str
    """Plain text with `code`, in one line."""


def explained_settings() -> list[ExplainedSetting]:
    """Return every setting, sorted by name."""
    (described,) = ast.parse(inspect.getsource(Settings)).body
    meanings = {}
    for field, text in itertools.pairwise(described.body if isinstance(described, ast.ClassDef) else ()):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            meanings[ast.unparse(field.target)] = " ".join(str(text.value.value).split())
    shown = (
        ExplainedSetting(PREFIX + each.name.upper(), _written(each.default), meanings.get(each.name, ""))
        for each in fields(Settings)
    )
    return sorted(shown, key=lambda each: each.name)


def _written(default: object) -> str:
    if isinstance(default, float):
        return f"{default:g}"
    return "" if default is None else str(default)
