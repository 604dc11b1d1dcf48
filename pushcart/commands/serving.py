"""`pushcart serve`: the pages and the API."""

from __future__ import annotations

import os
import socket
from contextlib import closing, suppress
from typing import Annotated

import typer

from corpus.errors import BadInput
from corpus.settings import Settings, read_settings
from corpus.store import open_store
from pushcart.console import note
from search_api.engines.opening import open_engine


def register(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command("serve")(serve)


def serve(
    host: Annotated[
        str, typer.Option(help="Address to answer on; 0.0.0.0 for every one of this machine.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to answer on.", min=1, max=65535)] = 8000,
) -> None:
    """Serve the pages for people and the API for programs, until Ctrl-C."""
    if not is_free(host, port):
        raise BadInput(
            f"Port {port} of {host} is taken or not yours to use.", try_next="Choose another one with --port."
        )
    run_server(read_settings(), host=host, port=port)


def is_free(host: str, port: int) -> bool:
    """Say whether a server may answer on a port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def run_server(settings: Settings, *, host: str, port: int) -> None:
    """Serve until stopped."""
    import uvicorn

    with open_store(settings), closing(open_engine(settings)):
        pass  # what cannot be opened is said here in our words, not by the server in a traceback
    note(
        f"Pushcart answers on http://{host}:{port}/ (API: /api/v1, described in /api/v1/openapi.json). Ctrl-C ends it."
    )
    level = settings.log_level
    # Feeds and citations name the address that is answered here, unless a person set another one.
    shown = "localhost" if host in ("0.0.0.0", "::", "127.0.0.1") else host  # noqa: S104  compared, not bound
    os.environ.setdefault("PUSHCART_PUBLIC_URL", f"http://{shown}:{port}")
    # By name: the pages are a package of this floor, and start as any server would start them.
    with suppress(KeyboardInterrupt):  # Ctrl-C is how serving ends
        uvicorn.run(
            "web.app:app_from_environment",
            factory=True,
            host=host,
            port=port,
            log_level=level,
            log_config=None,
            access_log=level in ("debug", "info"),
        )
    note("Stopped serving.")
