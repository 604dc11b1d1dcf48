"""The manual page, made of what the commands say of themselves: for `man`, in the macros of man(7)."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import typer
from typer.main import get_command

_EXIT_CODES = (
    ("0", "Done."),
    ("1", "An error that the message explains."),
    ("2", "Wrong usage."),
    ("3", "All is saved, but the search index did not answer."),
    ("130", "Stopped."),
)

_ESCAPES = str.maketrans({"\\": r"\e", "-": r"\-", "`": r"\(ga", "'": r"\(aq", "^": r"\(ha", "~": r"\(ti"})


def manual_page(app: typer.Typer) -> str:
    """Return the page of a command with all its subcommands, as roff."""
    root: Any = get_command(app)
    context = root.context_class(root, info_name=root.name)
    lines = [
        f'.TH {root.name.upper()} 1 "" "{root.name} {version("pushcart")}" "User commands"',
        ".SH NAME",
        rf"{root.name} \- {_roff(root.help.rstrip('.'))}",
        ".SH SYNOPSIS",
        *_usage(root, context),
        ".SH OPTIONS",
        *_parameters(root, context),
        ".SH COMMANDS",
    ]
    for name, command in sorted(root.commands.items()):
        lines.extend(_command(command, root.context_class(command, info_name=name, parent=context)))
    lines.append(".SH EXIT STATUS")
    for code, words in _EXIT_CODES:
        lines.extend((".TP", f".B {code}", _roff(words)))
    lines.extend((".SH ENVIRONMENT", *_text(root.epilog)))
    return "\n".join(lines) + "\n"


def _command(command: Any, context: Any) -> Iterator[str]:
    """Yield the part of a command, and after it those of its own commands."""
    if command.hidden:
        return
    yield f'.SS "{_roff(context.command_path)}"'
    yield from _usage(command, context)
    yield ".PP"
    yield from _text(command.help)
    yield from _parameters(command, context)
    for name, inner in sorted(getattr(command, "commands", {}).items()):
        yield from _command(inner, context.__class__(inner, info_name=name, parent=context))


def _usage(command: Any, context: Any) -> Iterator[str]:
    pieces = " ".join(command.collect_usage_pieces(context))
    yield f".B {_roff(context.command_path)}"
    yield _roff(pieces)


def _parameters(command: Any, context: Any) -> Iterator[str]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is None or "--help" in parameter.opts:
            continue
        names, words = record
        yield ".TP"
        yield f".B {_roff(' '.join(names.split()))}"
        yield _roff(" ".join(words.split())) or "."


def _text(text: str | None) -> Iterator[str]:
    """Yield paragraphs."""
    for number, paragraph in enumerate((text or "").split("\n\n")):
        if number:
            yield ".PP"
        yield _roff(" ".join(paragraph.split()))


def _roff(text: str) -> str:
    """Return text in which nothing is a request, and of which commands can be copied."""
    escaped = text.translate(_ESCAPES)
    return rf"\&{escaped}" if escaped.startswith(".") else escaped
