"""Every message has an id and its data: what code and templates say is in the catalogues, and can be translated."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import jinja2
import pytest
from babel.messages.catalog import Catalog, Message

from scripts.messages import LANGUAGES, LOCALE, PACKAGES, PLURAL, ROOT, calls, collected, name_of, read, written

NOT_DATA = {"lang", "count"}


@cache
def template() -> Catalog:
    return collected()


def ids_of(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def strings_of(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@cache
def calls_of_code() -> tuple[tuple[str, str, ast.Call], ...]:
    return tuple(_calls_of_code())


def _calls_of_code() -> Iterator[tuple[str, str, ast.Call]]:
    hand_on = {
        ROOT / "web" / "rendering.py",
        ROOT / "alerts" / "writing" / "rendering.py",
        *(ROOT / "corpus" / "messages" / name for name in ("catalogue.py", "sentence.py")),
    }
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if path not in hand_on:
                for call in calls(path.read_bytes()):
                    yield f"{path.relative_to(ROOT)}:{call.lineno}", name_of(call), call


def templates() -> list[Path]:
    """Return the templates of pages and of messages."""
    messages = ROOT / "alerts" / "writing" / "templates"
    return sorted([*(ROOT / "web" / "templates").glob("*.html"), *messages.glob("*.html"), *messages.glob("*.txt")])


def calls_of_templates() -> Iterator[tuple[str, str, jinja2.nodes.Call]]:
    environment = jinja2.Environment(autoescape=True)
    environment.filters |= dict.fromkeys(("grouped", "day", "moment", "machine_time", "with_code"), str)
    for path in templates():
        for call in environment.parse(path.read_text(encoding="utf-8")).find_all(jinja2.nodes.Call):
            if isinstance(call.node, jinja2.nodes.Name) and call.node.name in ("_", "ngettext"):
                yield f"{path.name}:{call.lineno}", call.node.name, call


def test_every_message_of_code_and_templates_is_in_the_template() -> None:
    kept = (LOCALE / "pushcart.pot").read_bytes()
    assert kept == written(template()), "`make messages` brings the catalogues up to date"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_exactly_the_messages_of_the_code(lang: str) -> None:
    assert {ids_of(each) for each in read(lang)} == {ids_of(each) for each in template()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_translation_has_the_placeholders_of_its_message(lang: str) -> None:
    wrong = []
    for message in read(lang):
        if not message.id or not any(strings_of(message)):
            continue
        wanted = set().union(*map(placeholders, ids_of(message)))
        for string in strings_of(message):
            found = placeholders(string)
            # A plural form may leave out the number: "this document".
            if not wanted - {"count"} <= found <= wanted or ("count" in wanted - found and not message.pluralizable):
                wrong.append((ids_of(message)[0], string))
    assert not wrong


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_message_is_translated_in_all_of_its_plural_forms_or_not_at_all(lang: str) -> None:
    assert not [each.id for each in read(lang) if each.id and any(strings_of(each)) and not all(strings_of(each))]


def test_no_message_is_put_together_in_code() -> None:
    """A literal; `gettext` also takes an entry of a table of `message`s, which have their own literal."""
    wrong = []
    for place, name, call in calls_of_code():
        for argument in call.args[: 2 if name in PLURAL else 1]:
            is_literal = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            is_entry = name == "gettext" and isinstance(argument, ast.Name | ast.Attribute | ast.Subscript)
            if not (is_literal or is_entry):
                wrong.append(f"{place}: {ast.unparse(argument)}")
    assert not wrong


def test_every_message_of_code_is_given_the_data_that_it_names() -> None:
    wrong = []
    for place, name, call in calls_of_code():
        ids = [each.value for each in call.args[: 2 if name in PLURAL else 1] if isinstance(each, ast.Constant)]
        given = {each.arg for each in call.keywords}
        if not ids or name == "message" or None in given:
            continue
        wanted = set().union(*map(placeholders, ids))
        ignored = NOT_DATA if name in PLURAL else {"lang"}
        if wanted - ignored != given - ignored:
            wrong.append(f"{place}: {ids[0]!r} names {sorted(wanted)}, and is given {sorted(map(str, given))}")
    assert not wrong


def test_every_message_of_a_template_is_a_literal_with_the_data_that_it_names() -> None:
    wrong, seen = [], 0
    for place, name, call in calls_of_templates():
        given = call.args[: 2 if name == "ngettext" else 1]
        seen += 1
        if not all(isinstance(each, jinja2.nodes.Const) for each in given):
            wrong.append(f"{place}: not a literal")
            continue
        wanted = set().union(*(placeholders(each.value) for each in given))
        if wanted - (NOT_DATA if name == "ngettext" else set()) != {each.key for each in call.kwargs}:
            wrong.append(f"{place}: {given[0].value!r}")
    assert not wrong
    assert seen > 200


def test_templates_say_nothing_beside_messages() -> None:
    """Text between tags that is not a message would stay English on every page."""
    said = [f"{path.name}: {text!r}" for path in templates() for text in _bare_text(path)]
    assert not said


def _bare_text(path: Path) -> Iterator[str]:
    environment = jinja2.Environment(autoescape=True)
    environment.filters |= dict.fromkeys(("grouped", "day", "moment", "machine_time", "with_code"), str)
    nodes = environment.parse(path.read_text(encoding="utf-8")).find_all(jinja2.nodes.TemplateData)
    whole = re.sub(
        r"<(code|kbd|title)[^>]*>.*?</\1>|<a [^>]*\.json\b.*?</a>",
        " ",
        " ".join(node.data for node in nodes),
        flags=re.DOTALL,
    )
    names = {"Pushcart", "BibTeX", "RIS", "SHA-256", "UTC"}
    for text in re.sub(r"<[^<>]*>", "\n", html.unescape(whole)).split("\n"):
        if re.search(r"[A-Za-z]{2,}", text) and text.strip() not in names and "=" not in text and "/" not in text:
            yield text.strip()
