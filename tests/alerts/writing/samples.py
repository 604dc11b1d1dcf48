"""Messages to try: a digest as a subscriber in Lima gets it, and the other kinds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from alerts.writing.content import (
    Addresses,
    ConfirmContent,
    DigestContent,
    DigestEntry,
    DigestSearch,
    NoticeContent,
    NoticeKind,
    Reader,
    TestContent,
)
from alerts.writing.headers import Envelope

SITE = "https://pushcart.example.org"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.01JABCDEFGHJKMNPQRSTVWXYZ0.mCqL0nqS7d5xkq1oVb3YwQm5g4Zp2uW1sR8tA9eXyKk"
ENVELOPE = Envelope(
    message_id="01jabcdefghjkmnpqrstvwxyz0",
    host="pushcart.example.org",
    sender="alerts@pushcart.example.org",
    recipient="ana.torres@example.org",
    date=datetime(2026, 11, 30, 13, 0, 5, tzinfo=UTC),
)
ADDRESSES = Addresses(
    site=f"{SITE}/",
    manage=f"{SITE}/alerts/{TOKEN}",
    unsubscribe=f"{SITE}/alerts/unsubscribe/{TOKEN}",
    one_click=f"{SITE}/alerts/unsubscribe/{TOKEN}",
    unsubscribe_mail="mailto:unsubscribe+01jabcdefghjkmnpqrstvwxyz0@pushcart.example.org",
)
LANGS = ("en", "es", "fr", "pt")


def reader(lang: str = "en") -> Reader:
    return Reader(made=datetime(2026, 11, 30, 13, 0, tzinfo=UTC), lang=lang, time_zone="America/Lima")


SPANISH = DigestEntry(
    id="d0000000000000001",
    title="Vendedores ambulantes y protección social en Lima: qué cambió con la ordenanza de 2019",
    marked_title=(
        ("Vendedores ambulantes", True),
        (" y protección social en ", False),
        ("Lima", True),
        (": qué cambió con la ordenanza de 2019", False),
    ),
    address=f"{SITE}/documents/d0000000000000001?q=street+vendors+Peru&page=12#page=12",
    publisher="Oficina Internacional del Trabajo",
    year="2019",
    lang="es",
    kind="working_paper",
    page=12,
    passage=(
        ("… de los ", False),
        ("vendedores ambulantes", True),
        (" encuestados en ", False),
        ("Lima", True),
        (
            ", solo uno de cada diez cotiza a un sistema de pensiones; quienes pertenecen a una asociación lo hacen con más "
            "frecuencia, pero dejan de cotizar cuando la municipalidad retira el permiso de venta …",
            False,
        ),
    ),
    words=("vendedores ambulantes", "Lima"),
    tags=("Street vendors", "Peru"),
    copies=2,
    first_seen=datetime(2026, 11, 28, 4, 30, tzinfo=UTC),
)
ARABIC = DigestEntry(
    id="d0000000000000002",
    title="الباعة المتجولون والحماية الاجتماعية في القاهرة",
    address=f"{SITE}/documents/d0000000000000002?q=street+vendors&page=4#page=4",
    publisher="منظمة العمل الدولية",
    year="2024",
    lang="ar",
    kind="policy_brief",
    page=4,
    passage=(("… يعمل معظم ", False), ("الباعة المتجولين", True), (" في القاهرة بلا عقد ولا تأمين …", False)),
    words=("الباعة المتجولين",),
    tags=("Street vendors",),
)
ENGLISH = DigestEntry(
    id="d0000000000000003",
    title="Street vendors and the law: licences, evictions and bargaining in three cities",
    address=f"{SITE}/documents/d0000000000000003?q=street+vendors&page=31#page=31",
    publisher="WIEGO",
    year="2026",
    lang="en",
    kind="report",
    page=31,
    passage=(
        ("Where ", False),
        ("street vendors", True),
        (
            " are organised, cities consult them before markets are moved; where they are not, notice is a matter of days …",
            False,
        ),
    ),
    words=("street vendors",),
    tags=("Street vendors",),
    copies=1,
)
SCANNED = DigestEntry(
    id="d0000000000000004",
    title="Encuesta nacional de hogares: informe técnico",
    address=f"{SITE}/documents/d0000000000000004",
    publisher="INEI",
    year="2025",
    lang="es",
    kind="statistics",
    tags=("Peru",),
)


def make_search(
    number: int = 1, *, name: str = "street vendors Peru", entries: int = 0, total: int = 0
) -> DigestSearch:
    """Return a search with its usual two documents, or with so many made up."""
    made = tuple(numbered(number, each) for each in range(1, entries + 1)) or (SPANISH, ENGLISH)
    return DigestSearch(
        id=f"s{number:03d}",
        name=name,
        entries=made,
        total=total or len(made),
        all_address=f"{SITE}/alerts/messages/01jabcdefghjkmnpqrstvwxyz0/{number}",
        search_address=f"{SITE}/search?q=street+vendors&country=PER",
        stop_address=f"{SITE}/alerts/stop/{TOKEN}",
    )


def numbered(search: int, number: int) -> DigestEntry:
    """Return one of many documents, as long as such entries are."""
    return replace(
        SPANISH,
        id=f"d{search:06d}{number:010d}",
        address=f"{SITE}/documents/d{search:06d}{number:010d}?q=street+vendors+Peru&page={number}#page={number}",
        page=number,
    )


def make_digest(*searches: DigestSearch, lang: str = "en", frequency: str = "weekly") -> DigestContent:
    """Return a digest of two searches, or of those given; no document is in two of them."""
    shown = searches or (
        make_search(1),
        replace(
            make_search(2, name="Social protection in Africa", total=57),
            entries=(ARABIC, SCANNED),
            words="documents about “Social protection”, Region: Africa, since 2015",
        ),
    )
    return DigestContent(
        reader=reader(lang),
        addresses=ADDRESSES,
        searches=tuple(shown),
        documents=sum(search.total for search in shown),
        all_address=f"{SITE}/alerts/messages/01jabcdefghjkmnpqrstvwxyz0",
        frequency=frequency,
    )


def make_confirm(*, lang: str = "en", search: str = "street vendors Peru") -> ConfirmContent:
    return ConfirmContent(
        reader=reader(lang),
        site=f"{SITE}/",
        confirm=f"{SITE}/alerts/confirm/{TOKEN}",
        not_me=f"{SITE}/alerts/not-me/{TOKEN}",
        frequency="daily",
        expires=datetime(2026, 12, 3, 13, 0, tzinfo=UTC),
        search=search,
    )


def make_notice(
    kind: NoticeKind = NoticeKind.WEBHOOK_GIVEN_UP, *, lang: str = "en", search: str = "street vendors Peru"
) -> NoticeContent:
    return NoticeContent(
        reader=reader(lang),
        addresses=ADDRESSES,
        kind=kind,
        action=f"{SITE}/alerts/{TOKEN}",
        search=search,
        endpoint="hooks.example.net",
        messages=3,
        since=datetime(2026, 11, 27, 9, 0, tzinfo=UTC),
    )


def make_test(*, lang: str = "en") -> TestContent:
    return TestContent(reader=reader(lang), site=f"{SITE}/")
