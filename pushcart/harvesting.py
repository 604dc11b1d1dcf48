"""Harvesting with a progress bar; the demonstration publisher is served while it is harvested."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from corpus.errors import BadInput
from corpus.messages import gettext, sentence
from corpus.processes import let_go
from corpus.runs import HarvestRun
from corpus.settings import Settings
from corpus.store import open_store
from crawler.run import HarvestProgress, harvest
from crawler.run import choose_sources as sources_of
from crawler.sources.load import load_sources, read_source
from crawler.sources.model import AddressesSource, FileRules, Politeness, SourceFile
from crawler.sources.schedule import due_at, due_sources
from demo.server import HOST, PORT, DemoPublisher
from pushcart.adding import OWN
from pushcart.console import meter, note
from pushcart.data_folder import announce_folder, begin_records, has_records
from pushcart.lock import only_one


def harvest_sources(slugs: Sequence[str], *, settings: Settings, only_due: bool = False) -> tuple[HarvestRun, ...]:
    """Harvest sources by slug, or every verified source when none is named, and return their run reports.

    Args:
        only_due: of these, only what its schedule says is due; without names also what was harvested before by name.

    Raises BadSource: no source is called so. Raises BadInput: none was named, and none is declared; or see refuse_to_mix.
    """
    declared = load_sources(settings)
    chosen = (
        choose_due(slugs, declared=declared, settings=settings)
        if only_due
        else choose_sources(slugs, declared=declared, removed=_removed(settings))
    )
    if not chosen:
        return ()
    refuse_to_mix(chosen, settings=settings)
    with ExitStack() as open_sites:
        ready = [open_sites.enter_context(at_its_address(source)) for source in chosen]
        return harvest_shown(ready, settings=settings)


def _removed(settings: Settings) -> frozenset[str]:
    if not has_records(settings):
        return frozenset()
    with open_store(settings) as store:
        return store.sources.removed()


def choose_sources(
    slugs: Sequence[str], *, declared: Sequence[SourceFile], removed: Collection[str] = ()
) -> list[SourceFile]:
    """Return the sources of these slugs; of all that are verified, no samples and not removed when there are none.

    Raises BadInput, BadSource: see harvest_sources.
    """
    if slugs:
        return list(sources_of(declared, slugs))
    chosen = [source for source in declared if source.verified and not source.is_sample and source.slug not in removed]
    if not chosen:
        raise BadInput(
            sentence("No declared source has been verified yet."),
            try_next=sentence(
                "Name one that `pushcart sources` lists, such as sample, or write a source file (docs/adding-a-source.md)."
            ),
        )
    return chosen


def source_meant(which: str, *, settings: Settings) -> SourceFile:
    """Return the source that a person means by the path of a source file or by a slug. Raises BadSource."""
    if which.endswith(".toml") or "/" in which:
        return read_source(Path(which))
    return sources_of(load_sources(settings), [which])[0]


def choose_due(slugs: Sequence[str], *, declared: Sequence[SourceFile], settings: Settings) -> list[SourceFile]:
    """Return the sources that are due now, longest waiting first; says when the next one is when none is.

    Raises BadSource: no source is called so.
    """
    now = datetime.now(UTC)
    with begin_records(settings) as store:
        last_runs = {health.source.slug: health.last_run for health in store.sources.health() if health.last_run}
        removed = store.sources.removed()
    if slugs:
        candidates = list(sources_of(declared, slugs))
    else:
        harvested = [each for each in declared if each.verified or each.slug in last_runs]
        candidates = [each for each in harvested if not each.is_sample and each.slug not in removed]
    chosen = list(due_sources(candidates, last_runs=last_runs, now=now))
    if not candidates:
        note(gettext("No source has been verified yet, so nothing is harvested: `pushcart sources verify` does that."))
    elif not chosen:
        moments = [(moment, each.slug) for each in candidates if (moment := due_at(each, last_runs.get(each.slug)))]
        later = f" The next is {min(moments)[1]}, on {min(moments)[0]:%Y-%m-%d at %H:%M} UTC." if moments else ""
        note(gettext("No source is due.{later}", later=later))
    return chosen


def harvest_shown(sources: Sequence[SourceFile], *, settings: Settings) -> tuple[HarvestRun, ...]:
    """Harvest sources with a progress bar."""
    announce_folder(settings)
    with only_one(settings.data_dir, "harvest"), meter(gettext("Harvesting")) as progress:
        try:
            return harvest(sources, settings=settings, on_progress=_follow(progress.set))
        finally:
            let_go()  # a hundred megabytes, while the command goes on to read and tag, or serves pages


def _follow(show: Callable[..., None]) -> Callable[[HarvestProgress], None]:
    """Return a listener that adds up what the sources report."""
    latest: dict[str, HarvestProgress] = {}

    def listen(state: HarvestProgress) -> None:
        latest[state.source] = state
        show(
            sum(each.done for each in latest.values()),
            total=sum(each.offered for each in latest.values()),
            text=state.at,
        )

    return listen


def fetch_addresses(addresses: Sequence[str], *, settings: Settings) -> HarvestRun:
    """Fetch documents that a person named by their addresses, as politely as any source, and return the report."""
    # Not validated: the slug is one that no file may have, and an address that cannot be fetched is told in the report.
    typed = AddressesSource.model_construct(
        slug=OWN.slug,
        name=OWN.name,
        start=tuple(addresses),
        # A person may name what is in their own network, and a short text is what they asked for.
        polite=Politeness(allow_private=True),
        files=FileRules(html_characters_min=1),
    )
    (run,) = harvest_shown([typed], settings=settings)
    return run


@contextmanager
def at_its_address(source: SourceFile) -> Iterator[SourceFile]:
    """Lend a source that answers: the samples are served while the block runs, other sources are the world's."""
    if urlsplit(source.start[0]).hostname != HOST:
        yield source
        return
    with open_demo_publisher() as publisher:
        yield source.model_copy(update={"connect_to": publisher.address})


@contextmanager
def open_demo_publisher() -> Iterator[DemoPublisher]:
    """Serve the demonstration publisher: on its own port, or on another when that is taken. Its addresses stay the same."""
    with ExitStack() as stack:
        try:
            publisher = stack.enter_context(DemoPublisher(port=PORT))
        except OSError:
            publisher = stack.enter_context(DemoPublisher(port=0))
        yield publisher


def refuse_to_mix(chosen: Sequence[SourceFile], *, settings: Settings) -> None:
    """See that samples do not get among other documents.

    Raises BadInput: samples are to be harvested, and the records hold, or get, documents of another source.
    """
    if not any(source.is_sample for source in chosen):
        return
    with begin_records(settings) as store:
        others = [each for each in store.sources.health() if each.files and not each.source.is_sample]
    if others or not all(source.is_sample for source in chosen):
        raise BadInput(
            sentence("Samples are not mixed with other documents; {folder} is for your own.", folder=settings.data_dir),
            try_next=sentence("`pushcart demo` keeps them in a folder of their own."),
        )
