"""`pushcart alerts`: what is followed, whether everyone was notified, and what is in the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from corpus.alerts import Channel, Frequency, Subscription
from corpus.errors import BadInput, NotFound
from corpus.messages import gettext, ngettext, sentence
from corpus.messages.formats import grouped
from corpus.settings import Settings, read_settings
from corpus.store import Store, open_worker_lives
from corpus.vocabulary import Vocabulary, load_vocabulary
from pushcart.commands.alerts_shown import print_audit, print_checks, print_sweep, status_body
from pushcart.commands.documents import JsonOption
from pushcart.console import note, out, print_json
from pushcart.data_folder import open_records
from pushcart.lock import only_one

if TYPE_CHECKING:
    from search_api.engines.base import SearchEngine
    from search_api.query.parameters import SearchQuery

app = typer.Typer(
    help="Send new documents to people who follow searches, and check that nothing was missed.",
    no_args_is_help=True,
)

SubscriptionArgument = Annotated[
    int, typer.Argument(metavar="SUBSCRIPTION", help="Number, as shown by `pushcart alerts list`.")
]
_SWEPT_EACH = timedelta(days=1)


def register(parent: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    parent.add_typer(app, name="alerts")


@contextmanager
def _opened() -> Iterator[tuple[Settings, Store, SearchEngine, Vocabulary]]:
    from search_api.engines.opening import open_engine

    settings, vocabulary = read_settings(), load_vocabulary()
    with open_records(settings) as store, closing(open_engine(settings, vocabulary=vocabulary)) as engine:
        yield settings, store, engine, vocabulary


@app.command("list")
def list_subscriptions(
    address: Annotated[str, typer.Option(help="Only of this e-mail address or webhook endpoint.")] = "",
    as_json: JsonOption = False,
) -> None:
    """List followed searches and their subscribers (personal data)."""
    listed = []
    with open_records(read_settings()) as store:
        owners: dict[int, Any] = {}
        for each in _every_subscription(store):
            if each.subscriber not in owners:
                owners[each.subscriber] = store.subscriptions.subscriber(each.subscriber)
            owner = owners[each.subscriber]
            if owner is not None and address.casefold() in ("", owner.address.casefold()):
                listed.append((each, owner))
    if as_json:
        print_json([_subscription_body(each, owner=owner) for each, owner in listed])
        return
    for each, owner in listed:
        words = escape(each.name or "  ".join(f"{name}={value}" for name, value in each.query))
        state = each.state.value if owner.state.value != "stopped" else owner.state.value
        out.print(f"{each.id:>6}  {state:<12} {each.frequency.value:<8} {escape(owner.address)}  {words}")
        if each.error:
            out.print(f"        [dim]{escape(each.error)}[/]")
    note(ngettext("{count} subscription.", "{count} subscriptions.", len(listed)))


@app.command("follow")
def follow(
    text: Annotated[str, typer.Argument(help="Words, as for `pushcart search`. Empty: all documents.")] = "",
    to: Annotated[str, typer.Option(help="E-mail address, or https address of a webhook.")] = "",
    filters: Annotated[
        list[str] | None, typer.Option("--filter", metavar="NAME=VALUE", help="Such as country=PER; may be repeated.")
    ] = None,
    every: Annotated[Frequency, typer.Option(help="How often.")] = Frequency.DAILY,
    lang: Annotated[str, typer.Option(help="Language of messages: en, es, fr or pt.")] = "en",
    timezone: Annotated[
        str, typer.Option(help="Time zone in which digests are due at seven, such as America/Lima.")
    ] = "UTC",
) -> None:
    """Subscribe someone to a search. Only a confirmation message is sent until they confirm."""
    from alerts.subscribing.asking import AlertRequest, subscribe
    from alerts.subscribing.state import AlertsState
    from search_api.api.state import AppState

    if not to:
        raise BadInput(
            sentence("No recipient is given."), try_next=sentence("Write --to rosa@example.org, or a webhook.")
        )
    with _opened() as (settings, store, engine, vocabulary):
        asked = AlertRequest(
            query=_query(text, filters or [], settings=settings, vocabulary=vocabulary),
            channel=_channel_of(to),
            address=to,
            frequency=every,
            lang=lang,
            timezone=timezone,
        )
        state = AlertsState(
            AppState(settings, store, engine, vocabulary),
            sends_email=bool(settings.smtp_host),
            allows_private=settings.webhooks_allow_private,
        )
        subscribe(asked, state=state, asker="", now=datetime.now(UTC))
    note(
        gettext(
            "A confirmation message for {address} is waiting (if the address accepts messages); `pushcart alerts "
            "run` sends it.",
            address=to,
        )
    )


@app.command("preview")
def preview(
    text: Annotated[str, typer.Argument(help="Words, as for `pushcart search`. Empty: all documents.")] = "",
    filters: Annotated[
        list[str] | None, typer.Option("--filter", metavar="NAME=VALUE", help="Such as country=PER; may be repeated.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show how many documents a search would have found in the last 30 and 365 days."""
    from alerts.subscribing.preview import preview as previewed

    with _opened() as (settings, store, engine, vocabulary):
        query = _query(text, filters or [], settings=settings, vocabulary=vocabulary)
        now = datetime.now(UTC)
        found = previewed(query, engine=engine, store=store, vocabulary=vocabulary, now=now)
    if as_json:
        days = {"30": found.month, "365": found.year}
        print_json({"query": [list(each) for each in query.to_parameters()], "days": days, "is_cut": found.is_cut})
        return
    for each in found.in_words(lang="en"):
        out.print(escape(each))


@app.command("status")
def status(as_json: JsonOption = False) -> None:
    """Show subscriptions, queues, sent messages, and the last checks."""
    from alerts.checking.audit import last_report

    settings = read_settings()
    with open_records(settings) as store:
        body = status_body(store, now=datetime.now(UTC), last_audit=last_report(settings.data_dir))
    if as_json:
        print_json(body)
        return
    for name, value in body.items():
        shown = value
        if isinstance(value, dict):
            shown = ", ".join(f"{grouped(count)} {each.replace('_', ' ')}" for each, count in value.items())
        out.print(f"{name.replace('_', ' '):<26} {escape(str('-' if shown is None else shown))}")


@app.command("sweep")
def sweep(
    subscription: Annotated[int, typer.Option(min=0, help="Only this one; 0: all.")] = 0,
    due: Annotated[bool, typer.Option("--due", help="Only those that were not swept in the last day.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Compare matches with a fresh search and add missing ones. It can be repeated and interrupted."""
    from alerts.checking.sweep import Sweep, followed_searches
    from alerts.matching.reasons import reasons_of

    now = datetime.now(UTC)
    with _opened() as (settings, store, engine, vocabulary), only_one(settings.data_dir, "alerts-sweep"):
        work = Sweep(store, engine, vocabulary=vocabulary, reasons=reasons_of(store, vocabulary=vocabulary))
        if subscription:
            report = work.run([_subscription(store, subscription)], now=now)
        elif due:
            report = work.due(before=now - _SWEPT_EACH, now=now, limit=1_000_000)
        else:
            report = work.run(followed_searches(store), now=now)
    print_sweep(report, as_json=as_json)
    if report.stopped is not None:
        raise report.stopped


@app.command("audit")
def audit(
    documents: Annotated[int, typer.Option(min=1, max=10_000, help="Number of newest documents to check.")] = 500,
    url: Annotated[
        str,
        typer.Option(help="Ask a running site for its newest documents, over its API; such as https://example.org."),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Check that every notification was sent in time; exit code 1 if not.

    It takes the newest documents and asks the index which followed searches they match, independently of the queues
    of the worker.
    """
    from alerts.checking.audit import audit as audited
    from alerts.checking.audit import keep_report
    from alerts.checking.newest import newest_from_engine, newest_from_site
    from alerts.checking.sweep import followed_searches

    with _opened() as (settings, store, engine, vocabulary):
        newest = newest_from_site(url, limit=documents) if url else newest_from_engine(engine, limit=documents)
        report = audited(
            newest,
            followed_searches(store),
            store=store,
            engine=engine,
            vocabulary=vocabulary,
            now=datetime.now(UTC),
        )
        keep_report(report, settings.data_dir)
    print_audit(report, as_json=as_json)
    if not report.is_good:
        raise typer.Exit(1)


@app.command("why")
def why(
    subscription: SubscriptionArgument,
    document: Annotated[
        str, typer.Argument(metavar="DOCUMENT", help="Id of a document, as shown by `pushcart search`.")
    ],
    lang: Annotated[str, typer.Option(help="Language of the answer: en, es, fr or pt.")] = "en",
    as_json: JsonOption = False,
) -> None:
    """Explain why a subscriber got a document or not."""
    from alerts.checking.explaining import RecordsExplain
    from alerts.checking.why import why as asked

    with open_records(read_settings()) as store:
        explains = RecordsExplain(store, vocabulary=load_vocabulary())
        answer = asked(subscription, document, store=store, explains=explains, now=datetime.now(UTC), lang=lang)
    if as_json:
        at = answer.at.isoformat() if answer.at else None
        body = {"state": answer.state.value, "words": answer.words, "at": at}
        print_json(body | {"message": answer.message_id, "because_of": answer.because_of})
        return
    for each in answer.words:
        out.print(escape(each))


@app.command("doctor")
def doctor(
    to: Annotated[str, typer.Option(help="Send a test message to this address.")] = "",
    dkim_selector: Annotated[str, typer.Option(help="DKIM selector under which your relay signs.")] = "",
    offline: Annotated[bool, typer.Option("--offline", help="Do not contact the mail server or DNS.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check settings, mail server, DNS of the sender, and queues; exit code 1 if something fails."""
    from alerts.checking.dns import check_dns
    from alerts.checking.doctor import Health, check_server, check_settings, check_waiting, sender_domain
    from alerts.checking.mail_settings import MailSettings

    settings, now = read_settings(), datetime.now(UTC)
    mail = MailSettings.of(settings)
    checks = [*check_settings(mail)]
    if not offline:
        checks += check_server(mail, to=to, now=now)
        if domain := sender_domain(mail):
            checks += check_dns(domain, selector=dkim_selector)
    with open_records(settings) as store, closing(open_worker_lives(settings)) as lives:
        checks += check_waiting(store, now=now, workers_alive=lives.count)
    print_checks(checks, as_json=as_json)
    if any(each.health is Health.FAILED for each in checks):
        raise typer.Exit(1)


@app.command("run")
def run(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and exit: for a timer.")] = False,
    metrics_port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Serve metrics at http://127.0.0.1:PORT/metrics; 0: none.")
    ] = 0,
) -> None:
    """Match new documents and send messages, until Ctrl-C or SIGTERM. Several can run at once."""
    from corpus.logs import set_up_logs
    from pushcart.alerting import run_worker

    settings = read_settings()
    set_up_logs(settings)  # unlike the other commands of alerts, it works for days
    report = run_worker(settings, once=once, metrics_port=metrics_port)
    note(
        gettext(
            "Digests made: {made}, messages sent: {sent}, failed attempts: {failed}.",
            made=grouped(report.gathered),
            sent=grouped(report.sent),
            failed=grouped(report.failed),
        )
    )


@app.command("send-test")
def send_test(
    subscriber: Annotated[str, typer.Argument(metavar="ADDRESS", help="E-mail address or webhook of a subscriber.")],
) -> None:
    """Queue a test message for a subscriber; `pushcart alerts run` sends it."""
    from alerts.ids import new_public_id
    from corpus.alerts import MessageKind

    with open_records(read_settings()) as store:
        found = store.subscriptions.subscriber_at(_channel_of(subscriber), subscriber)
        if found is None:
            raise NotFound(
                sentence("No search is followed with {address}.", address=subscriber),
                try_next=sentence(
                    "`pushcart alerts list` shows the addresses; `pushcart alerts doctor --to` takes any."
                ),
            )
        store.messages.add(found.id, MessageKind.TEST, public_id=new_public_id(), at=datetime.now(UTC))
    note(gettext("A test message for {address} is waiting to be sent.", address=subscriber))


@app.command("bounce")
def bounce(
    report: Annotated[
        typer.FileBinaryRead,
        typer.Argument(metavar="FILE", help="A bounce (DSN) or a complaint (ARF); - for standard input."),
    ],
    trust_addresses: Annotated[
        bool, typer.Option("--trust-addresses", help="Accept a report that does not quote a message of this site.")
    ] = False,
) -> None:
    """Process a bounce or complaint, and stop sending to its address if needed."""
    from alerts.sending.bounces import note_report

    with open_records(read_settings()) as store:
        reports = note_report(store, report.read(), at=datetime.now(UTC), believes_addresses=trust_addresses)
    if not reports:
        raise BadInput(
            sentence("{file} is not a report of a mail server or provider.", file=report.name),
            try_next=sentence("Give a complete e-mail with a message/delivery-status or message/feedback-report part."),
        )
    for each, subscriber in reports:
        known = subscriber.address if subscriber else ""
        message = gettext("{kind}: {address} was noted.", kind=each.kind.value, address=each.address or known)
        if subscriber is None:
            message = gettext(
                "{kind}: {address} gets no alerts, or the report quotes no message of this site.",
                kind=each.kind.value,
                address=each.address,
            )
        out.print(escape(message))


@app.command("metrics")
def metrics() -> None:
    """Print metrics of alerts in the text format of Prometheus."""
    from alerts.checking.audit import last_report
    from alerts.metrics import metrics_text

    settings = read_settings()
    with open_records(settings) as store:
        text = metrics_text(store, now=datetime.now(UTC), last_audit=last_report(settings.data_dir))
    typer.echo(text, nl=False)


def _channel_of(address: str) -> Channel:
    return Channel.WEBHOOK if "://" in address else Channel.EMAIL


def _query(text: str, filters: list[str], *, settings: Settings, vocabulary: Vocabulary) -> SearchQuery:
    from search_api.query.parameters import SearchQuery

    parameters = [("q", text)]
    for each in filters:
        name, equals, value = each.partition("=")
        if not equals:
            raise BadInput(
                sentence("{given} is not a filter.", given=repr(each)), try_next=sentence("Write it as country=PER.")
            )
        parameters.append((name, value))
    return SearchQuery.from_parameters(parameters, vocabulary=vocabulary, characters_max=settings.query_characters_max)


def _subscription(store: Store, number: int) -> Subscription:
    found = store.subscriptions.get(number)
    if found is None:
        raise NotFound(
            sentence("There is no subscription {number}.", number=number),
            try_next=sentence("`pushcart alerts list` shows the numbers of subscriptions."),
        )
    return found


def _every_subscription(store: Store) -> Iterator[Subscription]:
    after = 0
    while some := store.subscriptions.all(after=after):
        after = some[-1].id
        yield from some


def _subscription_body(each: Subscription, *, owner: Any) -> dict[str, Any]:
    moments = {name: getattr(each, name) for name in ("created_at", "confirmed_at", "gathered_at", "swept_at")}
    return {
        "id": each.id,
        "name": each.name,
        "query": [list(pair) for pair in each.query],
        "frequency": each.frequency.value,
        "state": each.state.value,
        "since": each.since,
        "trouble": each.error,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
        "subscriber": {
            "id": owner.id,
            "channel": owner.channel.value,
            "address": owner.address,
            "lang": owner.lang,
            "timezone": owner.timezone,
            "state": owner.state.value,
        },
    }
