"""The demonstration: the whole chain over HTTP, from the demonstration publisher to pages in a browser."""

from __future__ import annotations

from corpus.errors import BadInput
from corpus.messages import gettext, ngettext, sentence
from corpus.messages.formats import grouped
from corpus.runs import RunState
from corpus.settings import Settings
from corpus.store import open_store
from crawler.sources.load import load_sources
from pushcart.commands.documents import bring_forward
from pushcart.commands.serving import is_free, run_server
from pushcart.console import note, out, print_run
from pushcart.harvesting import harvest_shown, open_demo_publisher

_PORTS_TRIED = 20


def run_demo(*, host: str, port: int, serve: bool, settings: Settings) -> None:
    """Harvest, read, tag and index the samples, then serve the pages. The samples' own site answers meanwhile."""
    source = next(source for source in load_sources(settings) if source.slug == "sample")
    with open_demo_publisher() as publisher:
        note(gettext("The sample publisher answers on {url}/", url=publisher.url))
        (run,) = harvest_shown([source.model_copy(update={"connect_to": publisher.address})], settings=settings)
        print_run(run)
        with open_store(settings) as store:
            report = bring_forward(store, settings=settings)
            counts = store.status()
        indexed = report.get("indexed", 0)
        out.print(
            gettext(
                "Read {pages}, tagged {documents}; in all {held} with {held_pages}, {indexed} searchable.",
                pages=ngettext("{count} page", "{count} pages", report["pages_read"]),
                documents=ngettext("{count} document", "{count} documents", report["documents_made"]),
                held=ngettext("{count} document", "{count} documents", counts.documents),
                held_pages=ngettext("{count} page", "{count} pages", counts.pages),
                indexed=grouped(indexed),
            )
        )
        if "index_behind" in report:
            note(gettext("Searching is not possible: {reason}", reason=report["index_behind"]))
        if run.state is not RunState.FINISHED:
            raise BadInput(
                sentence("The harvest of the samples failed."),
                try_next=sentence("See the messages above, then run it again."),
            )
        note(
            gettext(
                "The samples are kept in {folder}, apart from your own documents. PUSHCART_DATA_DIR={folder} lets other commands"
                " work with them.",
                folder=settings.data_dir,
            )
        )
        if serve:
            run_server(settings, host=host, port=_free_port(host, port))


def _free_port(host: str, wanted: int) -> int:
    for port in range(wanted, min(wanted + _PORTS_TRIED, 65536)):
        if is_free(host, port):
            if port != wanted:
                note(gettext("Port {wanted} is in use; using {port}.", wanted=wanted, port=port))
            return port
    raise BadInput(
        sentence("Ports {wanted} to {port} of {host} are all in use.", wanted=wanted, port=port, host=host),
        try_next=sentence("Choose another port with --port."),
    )
