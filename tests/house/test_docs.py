"""The documentation is true: what it names is there, and what is there is named."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
import typer

from pushcart.cli import app
from tests.house.house import PACKAGES, ROOT, tracked_files

_LINK = re.compile(r"\[[^\]]+\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
_FOLDER_ROW = re.compile(r"^\| `([a-z_.]+/)` \|", re.MULTILINE)
_MAKE = re.compile(r"\bmake ([a-z][a-z-]+)\b")
_CODE = re.compile(r"```sh\n(.+?)```|`([^`\n]+)`", re.DOTALL)
_PUSHCART = re.compile(r"\bpushcart ([a-z]+)\b([^\n|]*)")
_OPTION = re.compile(r"(?<!\S)(--[a-z][a-z-]*)")
WORDS = (
    "source", "fetched file", "document", "work", "page", "listing", "tag", "concept", "key figure",
    "subscription", "match", "digest", "delivery", "index",
)  # fmt: skip
"""DESIGN's words that mean one thing here."""


def read(name: str) -> str:
    """Return the text of a file of the checkout."""
    return (ROOT / name).read_text(encoding="utf-8")


def pages() -> list[Path]:
    """Return every tracked Markdown file."""
    return [path for path in tracked_files() if path.suffix == ".md"]


def test_every_link_between_pages_leads_somewhere() -> None:
    dead = [
        f"{page} -> {target}"
        for page in pages()
        for target in _LINK.findall((ROOT / page).read_text(encoding="utf-8"))
        if not (ROOT / page).parent.joinpath(target).exists()
    ]
    assert dead == []


def test_the_folder_map_of_the_readme_is_true_and_whole() -> None:
    mapped = set(_FOLDER_ROW.findall(read("README.md")))
    real = {f"{path.parts[0]}/" for path in tracked_files() if len(path.parts) > 1}
    assert mapped == real


def test_the_architecture_has_a_heading_for_every_package() -> None:
    headings = re.findall(r"^#+ `?([a-z_]+)/", read("docs/architecture.md"), re.MULTILINE)
    assert set(PACKAGES) <= set(headings)


def test_every_word_of_the_design_is_in_the_glossary_once() -> None:
    terms = [term for row in re.findall(r"\*\*(.+?)\*\*", read("docs/glossary.md")) for term in row.split(", ")]
    assert [word for word in WORDS if terms.count(word) != 1] == []


@pytest.mark.parametrize("note", sorted((ROOT / "docs/decisions").glob("*.md")), ids=lambda path: path.stem)
def test_a_decision_says_problem_choice_and_cost_in_few_lines(note: Path) -> None:
    assert re.fullmatch(r"\d{3}-[a-z0-9-]+", note.stem)
    text = note.read_text(encoding="utf-8")
    assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == ["Problem", "Choice", "Cost"]
    assert len(text.splitlines()) <= 30


def test_decisions_are_numbered_without_gaps_and_all_are_listed() -> None:
    notes = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [int(note.stem[:3]) for note in notes] == list(range(1, len(notes) + 1))
    listed = read("docs/architecture.md")
    assert [note.name for note in notes if note.name not in listed] == []


def test_every_make_word_in_the_pages_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    in_code = [snippet for page in pages() for snippet in re.findall(r"`{1,3}([^`]+)`{1,3}", read(page.as_posix()))]
    assert {word for snippet in in_code for word in _MAKE.findall(snippet)} - targets == set()


def test_every_command_and_option_in_the_pages_exists() -> None:
    commands = click_commands()
    wrong = []
    for page in pages():
        for snippet in _CODE.findall(read(page.as_posix())):
            for name, rest in _PUSHCART.findall("".join(snippet)):
                options = options_of(commands[name]) if name in commands else set()
                wrong += [f"{page}: pushcart {name}"] if name not in commands else []
                wrong += [f"{page}: {name} {option}" for option in _OPTION.findall(rest) if option not in options]
    assert wrong == []


def options_of(command: click.Command) -> set[str]:
    """Return the options of a command and of the commands below it."""
    own = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    return own.union(*(options_of(below) for below in getattr(command, "commands", {}).values()))


def click_commands() -> dict[str, click.Command]:
    """Return the commands of `pushcart` by name."""
    return dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_make_help_shows_every_word_that_a_person_types() -> None:
    makefile = read("Makefile")
    phony = set(re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE).group(1).split())  # type: ignore[union-attr]
    shown = set(re.findall(r"^([a-z-]+):.*?## \S", makefile, re.MULTILINE))
    assert shown == phony


def test_the_changelog_begins_with_what_is_not_released_or_the_newest() -> None:
    assert re.search(r"^## ", read("CHANGELOG.md"), re.MULTILINE)
