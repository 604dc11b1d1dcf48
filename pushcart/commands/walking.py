"""`pushcart search --all`: every document that matches, printed while it is found."""

from __future__ import annotations

from contextlib import closing

from rich.markup import escape

from corpus.errors import BadInput
from corpus.messages import gettext, ngettext, sentence
from corpus.store import Store
from corpus.vocabulary import Vocabulary
from pushcart.console import note, out, print_json_line
from search_api.answers.walk import WalkedHit, walk
from search_api.engines.base import SearchEngine
from search_api.query.parameters import SearchQuery


def print_every_hit(
    query: SearchQuery, *, engine: SearchEngine, store: Store, vocabulary: Vocabulary, as_json: bool
) -> None:
    """Print the hits of a search, one a line, to the very end.

    Raises BadInput: the search has a cursor. EngineUnavailable: as walk; what was printed until then is not all.
    """
    if query.cursor:
        raise BadInput(
            sentence("--all starts with the first hit."), try_next=sentence("Leave out --cursor, or leave out --all.")
        )
    count, print_line = 0, _print_json_line if as_json else _print_line
    with closing(walk(query, engine=engine, store=store, vocabulary=vocabulary)) as hits:
        for hit in hits:
            count += 1
            print_line(hit)
    note(
        gettext(
            "{documents}: all that matched when the list was started.",
            documents=ngettext("{count} document", "{count} documents", count),
        )
    )


def _print_json_line(hit: WalkedHit) -> None:
    from search_api.api.walked_bodies import WalkedHitBody  # pydantic, which a reader of lines need not wait for

    print_json_line(WalkedHitBody.of(hit).model_dump(mode="json"))


def _print_line(hit: WalkedHit) -> None:
    if hit.document is None:
        out.print(f"{hit.id}  [dim]{gettext('removed since')}[/]")
        return
    document = hit.document
    out.print(f"{hit.id}  {document.year or '    '}  {document.lang:<3}  {escape(document.title)}")
