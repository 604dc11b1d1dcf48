"""`pushcart move`: all records into another database."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from corpus.errors import StoreBusy
from corpus.messages import gettext, ngettext, sentence
from corpus.messages.formats import grouped
from corpus.settings import Settings, read_settings
from corpus.store.opening import database_url
from pushcart.commands.documents import JsonOption
from pushcart.console import meter, out, print_json
from pushcart.data_folder import require_records
from pushcart.lock import nobody_else

_WORKS = ("harvest", "process", "index", "alerts-sweep", "backup")
"""Works that read or write records, by their locks."""


def register(app: typer.Typer) -> None:
    """Put the command of this module on the app."""
    app.command("move")(move)


def move(
    to: Annotated[
        str,
        typer.Argument(
            metavar="DATABASE",
            help="Address of an empty database, as in PUSHCART_DATABASE_URL. "
            "Leave out a password that others may not see: PGPASSWORD or ~/.pgpass gives it.",
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Copy all records into an empty database (from SQLite to PostgreSQL or back), and compare both.

    Stop every other Pushcart first. The old database stays as it is; files and index stay where they are. If it is
    interrupted, run it again.
    """
    from corpus.moving import move as move_records

    settings = read_settings()
    require_records(settings)
    with nobody_else(settings.data_dir, *_WORKS), meter(gettext("Moving")) as progress:
        _refuse_alert_workers(settings)
        moved = move_records(settings, to, on_progress=lambda done, total: progress.set(done, total=total))
    setting = _setting(settings, to)
    if as_json:
        print_json(asdict(moved) | {"rows": moved.rows, "differences": 0, "setting": setting})
        return
    for table in moved.tables:
        out.print(f"{table.name:<20} {grouped(table.rows):>12}  {table.sha256[:16]}")
    out.print(
        ngettext(
            "Moved {count} row of {tables} tables in {seconds} s from {source} to {target}; both have the same.",
            "Moved {count} rows of {tables} tables in {seconds} s from {source} to {target}; both have the same.",
            moved.rows,
            tables=len(moved.tables),
            seconds=f"{moved.seconds:.1f}",
            source=escape(moved.source),
            target=escape(moved.target),
        )
    )
    if setting:
        out.print(gettext("Now set {setting} for every Pushcart of this data folder.", setting=escape(setting)))
    else:
        out.print(gettext("Now unset PUSHCART_DATABASE_URL for every Pushcart of this data folder."))
    out.print(gettext("Remove the old records when `pushcart verify` finds nothing: from now on they are out of date."))


def _refuse_alert_workers(settings: Settings) -> None:
    """Raises StoreBusy: a worker of alerts lives."""
    from corpus.store import open_worker_lives

    with closing(open_worker_lives(settings)) as lives:
        if lives.count():
            raise StoreBusy(
                sentence("`pushcart alerts run` is running."),
                try_next=sentence("Stop it, then run the same command again; nothing was moved."),
            )


def _setting(settings: Settings, to: str) -> str:
    """Return what has to be set now, without password; empty: PUSHCART_DATABASE_URL has to be unset."""
    url = database_url(replace(settings, database_url=to))
    own = settings.data_dir.absolute() / "pushcart.sqlite3"
    if url.get_backend_name() == "sqlite" and Path(url.database or "").absolute() == own:
        return ""
    return f"PUSHCART_DATABASE_URL={url.render_as_string(hide_password=True)}"
