"""The `pushcart` command: its options, its exit codes, and what it says when something goes wrong.

Exit codes: 0 done; 1 something that the message explains; 2 the command was typed wrongly; 3 all was saved, and the search
index is behind because it does not answer; 130 stopped with Ctrl-C.

Command modules import what is heavy (spaCy, Scrapy, FastAPI) inside the functions that need it: `pushcart search` answers
in a fraction of a second because it never loads them.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib.metadata import version
from types import FrameType
from typing import Annotated

import typer

from corpus.errors import PushcartError
from corpus.messages import gettext
from corpus.private import UMASK
from corpus.settings import read_settings
from pushcart.commands import (
    alerts,
    assisting,
    backing_up,
    correcting,
    curating,
    diagnosing,
    documents,
    evaluating,
    exporting,
    frozen,
    harvesting,
    looking,
    manual,
    moving,
    quoting,
    removing,
    serving,
    showing,
    sources,
    tagger,
    vocabulary,
    works,
)
from pushcart.console import note, out, print_error

STOPPED = 130
"""Exit code after Ctrl-C, as shells have it."""

app = typer.Typer(
    name="pushcart",
    help="Harvest, read, tag and search the literature of the informal economy.",
    epilog="Data is kept in PUSHCART_DATA_DIR (default: ./pushcart-data). All settings: pushcart settings.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


_SILENT = frozenset(
    {
        "search",
        "searches",
        "show",
        "sources",
        "files",
        "status",
        "frozen",
        "people",
        "audit",
        "alerts",
        "corrections",
        "quotes",
        "mcp",
        "man",
    }
)
"""Commands that log nothing: loading structlog would take a third of their time."""


def _print_version(asked: bool) -> None:
    if asked:
        out.print(gettext("pushcart {version}", version=version("pushcart")))
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Harvest, read, tag and search the literature of the informal economy."""
    if context.invoked_subcommand in ("doctor", "settings"):
        return  # they help when a setting is wrong
    settings = read_settings()
    if context.invoked_subcommand not in _SILENT:
        from corpus.logs import set_up_logs

        set_up_logs(settings)


documents.register(app)
harvesting.register(app)
removing.register(app)
backing_up.register(app)
moving.register(app)
looking.register(app)
showing.register(app)
exporting.register(app)
frozen.register(app)
quoting.register(app)
assisting.register(app)
sources.register(app)
serving.register(app)
curating.register(app)
correcting.register(app)
evaluating.register(app)
works.register(app)
tagger.register(app)
vocabulary.register(app)
alerts.register(app)
diagnosing.register(app)
manual.register(app)


def main() -> None:
    """Run the command that was typed, and say plainly what went wrong."""
    os.umask(UMASK)
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run a command and return its exit code. Errors are printed, never raised, unless they are bugs."""
    # Supervisors stop with SIGTERM: it ends in the same tidy way as Ctrl-C.
    signal.signal(signal.SIGTERM, _on_sigterm)
    try:
        app(arguments)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if code == STOPPED:
            note(gettext("Stopped. Finished work is kept; run the same command again to continue."))
        return code
    except PushcartError as error:
        print_error(error)
        return 1
    return 0


def _on_sigterm(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
