"""`pushcart serve`: the pages and the API."""

from __future__ import annotations

import os
import socket
from contextlib import closing, suppress
from typing import Annotated

import typer

from corpus.errors import BadInput
from corpus.messages import gettext, sentence
from corpus.rights import is_this_machine
from corpus.settings import Settings, host_and_port, read_settings
from pushcart.console import note
from pushcart.data_folder import open_records
from pushcart.indexing_beside import index_built_anew, misfit_in_words
from search_api.engines.opening import open_engine

_FIRST_PASSED = 3
"""Number of the first file that systemd passes on."""
STOP_SECONDS = 30
"""How long requests under way may take to end after Ctrl-C or SIGTERM; a supervisor has to wait longer."""
CONNECTIONS_MAX = 800
"""Open connections; more are told to come back (503). A process may have 1,024 open files on most systems."""


def register(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command("serve")(serve)


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 for all addresses of this machine.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
) -> None:
    """Serve the pages for people and the API for programs, until Ctrl-C.

    Under a socket unit of systemd its address is used instead of --host and --port.
    """
    listening = socket_of_systemd()
    if listening is not None:
        host, port = listening.getsockname()[:2]
    elif not is_free(host, port):
        raise BadInput(
            sentence("Port {port} of {host} is in use or not permitted.", port=port, host=host),
            try_next=sentence("Choose another port with --port."),
        )
    settings = read_settings()
    metrics = host_and_port(settings.metrics_address)
    if metrics and not is_free(*metrics):
        raise BadInput(
            sentence("Port {port} of {host} is in use or not permitted.", port=metrics[1], host=metrics[0]),
            try_next=sentence("Set another one in PUSHCART_METRICS_ADDRESS."),
        )
    run_server(settings, host=host, port=port, listening=listening)


def socket_of_systemd() -> socket.socket | None:
    """Return the socket that systemd listens on for this process; None: there is none. See sd_listen_fds(3)."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS") != "1":
        return None
    return socket.socket(fileno=_FIRST_PASSED)


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


def makes_licences_count(settings: Settings, *, host: str) -> bool:
    """Say whether licences are followed because of the address that is answered on: others reach it."""
    return settings.follow_licences == "auto" and not is_this_machine(host)


def run_server(settings: Settings, *, host: str, port: int, listening: socket.socket | None = None) -> None:
    """Serve until stopped.

    Args:
        settings: of everything.
        host: that is answered on.
        port: the same.
        listening: a socket that is bound to these already; None: one is made.
    """
    import uvicorn

    from pushcart.http_protocol import timed_protocol

    with open_records(settings) as store, closing(open_engine(settings)) as engine:
        # What cannot be opened is said here in our words, not by the server in a traceback.
        misfit = misfit_in_words(engine, store)
    note(
        gettext(
            "Pushcart answers on http://{host}:{port}/ (API: /api/v1, described in /api/v1/openapi.json). "
            "Ctrl-C ends it.",
            host=host,
            port=port,
        )
    )
    level = settings.log_level
    # Feeds and citations name the address that is answered here, unless a person set another one.
    shown = "localhost" if host in ("0.0.0.0", "::", "127.0.0.1") else host  # noqa: S104  compared, not bound
    os.environ.setdefault("PUSHCART_PUBLIC_URL", f"http://{shown}:{port}")
    if makes_licences_count(settings, host=host):
        # The application is told the address of its pages, and not the one that it is bound to.
        os.environ.update(PUSHCART_FOLLOW_LICENCES="always")
        note(
            gettext(
                "{host} can be reached by others, so only passages are shown of documents whose licence does not "
                "allow more. PUSHCART_FOLLOW_LICENCES=never shows everything.",
                host=host,
            )
        )
    # By name: the pages are a package of this floor, and start as any server would start them.
    server = uvicorn.Server(
        uvicorn.Config(
            "web.app:app_from_environment",
            factory=True,
            host=host,
            port=port,
            http=timed_protocol(settings.request_seconds_max),
            limit_concurrency=CONNECTIONS_MAX,
            timeout_graceful_shutdown=STOP_SECONDS,
            proxy_headers=False,  # the application reads them, by PUSHCART_TRUSTED_PROXIES
            log_level=level,
            log_config=None,
            access_log=level in ("debug", "info"),
        )
    )
    with index_built_anew(misfit), suppress(KeyboardInterrupt):  # Ctrl-C is how serving ends
        server.run(sockets=[listening] if listening else None)
    if not server.started:
        raise typer.Exit(1)  # the server has said why
    note(gettext("Stopped serving."))
