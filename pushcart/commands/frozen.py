"""`pushcart frozen`: the frozen searches that are kept, for the operator."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape

from corpus.errors import NotFound
from corpus.messages import gettext, ngettext, sentence
from corpus.messages.formats import grouped
from corpus.settings import read_settings
from corpus.store import FrozenSearch
from pushcart.commands.documents import JsonOption
from pushcart.console import note, out, print_json
from pushcart.data_folder import open_records

KEY_CHARACTERS = 12
"""Of a key that are shown; they tell frozen searches apart, and open none."""


def register(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    group = typer.Typer(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})
    group.command("list")(list_frozen)
    group.command("clean")(clean)
    group.command("remove")(remove)
    app.add_typer(group, name="frozen", help="List frozen searches, and remove expired or single ones.")


def list_frozen(as_json: JsonOption = False) -> None:
    """List frozen searches, oldest first, with their words, size and expiry. Their links are not stored."""
    now = datetime.now(UTC)
    with open_records(read_settings()) as store:
        found = store.frozen.all()
    if as_json:
        print_json([_body(each) for each in found])
        return
    for each in found:
        words = escape(each.name or dict(each.query).get("q", "") or gettext("All documents"))
        until = each.expires_at.date().isoformat()
        kept = gettext("expired {day}", day=until) if each.expires_at <= now else gettext("until {day}", day=until)
        day, hits, size = (
            each.frozen_at.date().isoformat(),
            grouped(each.hits),
            grouped(max(1, round(each.size / 1000))),
        )
        out.print(f"{each.key[:KEY_CHARACTERS]}  {day}  {kept}  {hits:>7}  {size:>5} kB  {words}")
    note(ngettext("{count} frozen search.", "{count} frozen searches.", len(found)))


def clean() -> None:
    """Remove frozen searches that were not opened for PUSHCART_FROZEN_DAYS. This also happens whenever a search is
    frozen."""
    with open_records(read_settings()) as store:
        removed = store.frozen.remove_expired(now=datetime.now(UTC))
    note(ngettext("{count} frozen search removed.", "{count} frozen searches removed.", removed))


def remove(
    key: Annotated[str, typer.Argument(help="The beginning of its key, as shown by `pushcart frozen list`.")],
) -> None:
    """Remove one frozen search; both of its links stop working."""
    with open_records(read_settings()) as store:
        found = [each.key for each in store.frozen.all() if key and each.key.startswith(key.lower())]
        if len(found) != 1:
            raise NotFound(
                sentence("{count} frozen searches have a key that begins with {key}.", count=len(found), key=key),
                try_next=sentence("`pushcart frozen list` shows the keys."),
            )
        store.frozen.remove(found[0])
    note(gettext("Removed."))


def _body(search: FrozenSearch) -> dict[str, object]:
    return {
        "key": search.key,
        "name": search.name,
        "query": [list(each) for each in search.query],
        "sequence": search.sequence,
        "vocabulary": search.vocabulary,
        "frozen_at": search.frozen_at.isoformat(),
        "expires_at": search.expires_at.isoformat(),
        "hits": search.hits,
        "bytes": search.size,
    }
