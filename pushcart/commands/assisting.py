"""`pushcart mcp`: the documents of a data folder for an assistant, over standard input and output."""

from __future__ import annotations

import logging
from contextlib import closing

import typer

from corpus.errors import BadInput
from corpus.messages import sentence
from corpus.rights import policy_of
from corpus.settings import read_settings
from corpus.vocabulary import load_vocabulary
from pushcart.data_folder import open_records


def register(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command("mcp")(mcp)


def mcp() -> None:
    """Answer an assistant by the Model Context Protocol on standard input and output, until it hangs up.

    Its tools only read: search, fetch, read_pages, verify_quote, coverage. Needs the library mcp (`pip install 'pushcart[mcp]'`).
    """
    try:
        from search_api.mcp.server import make_server
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise BadInput(
            sentence("Assistants are answered by the library mcp, which is not installed."),
            try_next=sentence("Install it with `pip install 'pushcart[mcp]'`."),
        ) from error
    from crawler.sources.declared_now import Declarations
    from search_api.api.state import AppState
    from search_api.engines.opening import open_engine

    settings, vocabulary = read_settings(), load_vocabulary()
    declarations = Declarations(settings)
    with open_records(settings) as store, closing(open_engine(settings, vocabulary=vocabulary)) as engine:
        state = AppState(
            settings=settings,
            store=store,
            engine=engine,
            vocabulary=vocabulary,
            rights=policy_of(settings, declared=declarations.rights),
            with_declared=declarations.beside,
        )
        server = make_server(state)
        logging.getLogger().setLevel(logging.WARNING)
        server.run("stdio")
