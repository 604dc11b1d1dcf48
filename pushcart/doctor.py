"""Whether Pushcart can work here: what `pushcart doctor` checks. Nothing is made, changed or migrated."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, replace
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from alerts.checking.doctor import Check, Health, check_server, check_settings
from alerts.checking.mail_settings import MailSettings
from corpus.errors import PushcartError
from corpus.messages import gettext, ngettext
from corpus.messages.dates import written_moment
from corpus.messages.formats import grouped
from corpus.settings import PREFIX, Settings
from corpus.store import Store, look_into_store
from corpus.store.opening import NEWEST_MIGRATION
from corpus.vocabulary import load_vocabulary

EXTRAS = {
    "cluster": "distributed",
    "dns": "checkdmarc",
    "elasticsearch": "elasticsearch",
    "mcp": "mcp",
    "postgresql": "psycopg",
    "s3": "s3fs",
    "skos": "rdflib",
    "styles": "citeproc",
}
"""Optional parts of the installation, with the module by which each is recognised."""
_DISK_LOW, _DISK_FULL = 0.1, 0.02
"""Free part of a disk below which it is said, and below which it fails."""
_ANSWER_SECONDS = 10.0
"""Longest wait for the index or the mail server."""
_CLOCK_OFF = timedelta(minutes=5)
_SENTENCE = "Street vendors in Lima, Peru, work without social protection."
_OTHERS = 0o077


def diagnose(settings: Settings, *, now: datetime, offline: bool = False) -> Iterator[Check]:
    """Check everything, in the order in which a person would mend it.

    Args:
        settings: what is checked.
        now: UTC.
        offline: do not connect to the mail server.
    """
    yield _settings_check(settings)
    yield _contact_check(settings)
    yield _folder_check(settings)
    yield from _disk_checks(settings)
    yield _temporary_check()
    yield from _records_checks(settings, now=now)
    yield from _mail_checks(settings, now=now, offline=offline)
    yield _pipeline_check()
    yield _extras_check()


def _settings_check(settings: Settings) -> Check:
    names = [
        f"{PREFIX}{each.name.upper()}" for each in fields(settings) if getattr(settings, each.name) != each.default
    ]
    text = gettext("Set: {names}.", names=", ".join(names)) if names else gettext("All settings have their defaults.")
    return Check("settings", Health.GOOD, text)


def _contact_check(settings: Settings) -> Check:
    if settings.contact:
        return Check("contact", Health.GOOD, settings.contact)
    text = gettext("Nothing is harvested over the internet without a contact: set PUSHCART_CONTACT.")
    return Check("contact", Health.WARNING, text)


def _folder_check(settings: Settings) -> Check:
    folder = settings.data_dir.absolute()
    if not folder.is_dir():
        text = gettext(
            "There is no data folder {folder}: set PUSHCART_DATA_DIR, or run `pushcart add` or `pushcart harvest`.",
            folder=folder,
        )
        return Check("data_folder", Health.FAILED, text)
    found = folder.stat()
    if found.st_uid != os.geteuid():
        text = gettext("{folder} belongs to another user: run all of Pushcart as that user.", folder=folder)
        return Check("data_folder", Health.WARNING if os.geteuid() == 0 else Health.FAILED, text)
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        text = gettext("{folder} cannot be written: give its owner all rights on it.", folder=folder)
        return Check("data_folder", Health.FAILED, text)
    if found.st_mode & _OTHERS:
        text = gettext("Other users can enter {folder}: the next command that writes there closes it.", folder=folder)
        return Check("data_folder", Health.WARNING, text)
    return Check("data_folder", Health.GOOD, str(folder))


def _disk_checks(settings: Settings) -> Iterator[Check]:
    for name, folder in (("disk", settings.data_dir), ("temporary_disk", Path(tempfile.gettempdir()))):
        if folder.is_dir():
            usage = shutil.disk_usage(folder)
            text = gettext(
                "{free} of {total} GB are free for {folder}.",
                free=f"{usage.free / 1e9:,.1f}",
                total=f"{usage.total / 1e9:,.1f}",
                folder=folder.absolute(),
            )
            part = usage.free / usage.total if usage.total else 1.0
            health = Health.FAILED if part < _DISK_FULL else Health.WARNING if part < _DISK_LOW else Health.GOOD
            yield Check(name, health, text if health is Health.GOOD else f"{text} {gettext('Make room.')}")


def _temporary_check() -> Check:
    try:
        with tempfile.TemporaryFile() as file:  # without a name: it is gone when it is closed
            file.write(b"1")
    except OSError as error:
        text = gettext("No temporary file can be written ({error}): set TMPDIR.", error=error.strerror or error)
        return Check("temporary", Health.FAILED, text)
    return Check("temporary", Health.GOOD, tempfile.gettempdir())


# ------------------------------------------------------------------ records and index


def _records_checks(settings: Settings, *, now: datetime) -> Iterator[Check]:
    if not (settings.database_url or (settings.data_dir / "pushcart.sqlite3").exists()):
        yield Check("database", Health.SKIPPED, gettext("There are no records yet."))
        return
    try:
        with look_into_store(settings) as store:
            kind = "PostgreSQL" if settings.database_url.startswith("postgresql") else "SQLite"
            found = store.schema_version()
            yield Check("database", Health.GOOD, kind)
            yield _schema_check(found)
            if found == NEWEST_MIGRATION:
                yield _clock_check(store, now=now)
                yield _waiting_check(store)
                yield from _index_checks(store, settings)
    except PushcartError as error:
        yield Check("database", Health.FAILED, str(error))


def _schema_check(found: str) -> Check:
    if found == NEWEST_MIGRATION:
        return Check("schema", Health.GOOD, found)
    data = {"found": found or "-", "needed": NEWEST_MIGRATION}
    if found > NEWEST_MIGRATION:
        text = gettext(
            "The database is of version {found}, and this Pushcart needs {needed}: install the newer one.", **data
        )
        return Check("schema", Health.FAILED, text)
    text = gettext(
        "The database is of version {found}; the next command makes it {needed}. Back it up before, and stop the others.",
        **data,
    )
    return Check("schema", Health.WARNING, text)


def _clock_check(store: Store, *, now: datetime) -> Check:
    newest, other = store.watching.newest_moment(), store.watching.database_clock()
    if newest is not None and newest > now + _CLOCK_OFF:
        text = gettext(
            "The newest record is of {newest}, and the clock says {now}: set the clock.",
            newest=written_moment(newest),
            now=written_moment(now),
        )
        return Check("clock", Health.FAILED, text)
    if other is not None and abs(other - now) > _CLOCK_OFF:
        text = gettext(
            "The clock of the database says {other}, and the one here {now}: set them by NTP.",
            other=written_moment(other),
            now=written_moment(now),
        )
        return Check("clock", Health.FAILED, text)
    return Check("clock", Health.GOOD, written_moment(now))


def _waiting_check(store: Store) -> Check:
    counts = store.watching.collection()
    if waiting := counts.outcomes["waiting"] + counts.waiting:
        text = ngettext("{count} file or document waits", "{count} files or documents wait", waiting)
        return Check("waiting", Health.WARNING, f"{text}: `pushcart process`.")
    return Check("waiting", Health.GOOD, gettext("Nothing is waiting."))


def _index_checks(store: Store, settings: Settings) -> Iterator[Check]:
    from search_api.engines.opening import open_engine
    from search_api.fitness import fitness_of

    # With a key of its own, none is made in the data folder.
    seconds = min(settings.elasticsearch_seconds_max, _ANSWER_SECONDS)
    asked = replace(settings, elasticsearch_seconds_max=seconds, secret_key=settings.secret_key or "0" * 32)
    try:
        with closing(open_engine(asked, vocabulary=load_vocabulary())) as engine:
            fitness, statistics = fitness_of(engine, store), engine.statistics()
            yield Check("index", Health.GOOD, statistics.engine)
            behind = store.watching.behind(statistics.applied_sequence).documents
    except PushcartError as error:
        yield Check("index", Health.FAILED, str(error))
        return
    if fitness.misfit is not None:
        yield Check("index_content", Health.WARNING, f"{fitness.words} `pushcart index`.")
    elif behind:
        text = ngettext("{count} change is not in the index yet", "{count} changes are not in the index yet", behind)
        yield Check("index_content", Health.WARNING, f"{text}: `pushcart index`.")
    else:
        yield _refused_check(store, indexed=statistics.documents)


def _refused_check(store: Store, *, indexed: int) -> Check:
    held, refused = store.watching.collection().documents, len(store.unindexed.all())
    if refused:
        text = ngettext("The index refused {count} document", "The index refused {count} documents", refused)
        return Check("index_content", Health.WARNING, f"{text}: `pushcart status`.")
    if indexed != held:
        text = gettext(
            "The index has {indexed} documents and the records {held}: run `pushcart index --rebuild`.",
            indexed=grouped(indexed),
            held=grouped(held),
        )
        return Check("index_content", Health.FAILED, text)
    return Check("index_content", Health.GOOD, ngettext("{count} document", "{count} documents", held))


# ------------------------------------------------------------------ mail, pipeline, extras


def _mail_checks(settings: Settings, *, now: datetime, offline: bool) -> Iterator[Check]:
    if not settings.smtp_host:
        text = gettext("No mail server is configured, so no e-mail is sent: set PUSHCART_SMTP_HOST.")
        yield Check("mail", Health.SKIPPED, text)
        return
    mail = MailSettings.of(replace(settings, smtp_seconds_max=min(settings.smtp_seconds_max, _ANSWER_SECONDS)))
    for each in (*check_settings(mail), *(() if offline else check_server(mail, now=now))):
        yield replace(each, name=f"mail_{each.name}")


def _pipeline_check() -> Check:
    from nlp.pipeline.passages import TaggedText
    from nlp.pipeline.tagger import open_tagger

    began = time.perf_counter()
    try:
        tags = {tag.concept for tag in open_tagger().tag(TaggedText(title=_SENTENCE, lang="en"))}
    except Exception as error:  # whatever is wrong with spaCy or its parts: the person is told, and the rest is checked
        text = gettext(
            "Documents cannot be tagged ({error}): install Pushcart again.", error=f"{type(error).__name__}: {error}"
        )
        return Check("pipeline", Health.FAILED, text)
    if not {"street_vendors", "PER"} <= tags:
        text = gettext("The tagger misses what a plain sentence is about: install Pushcart again.")
        return Check("pipeline", Health.FAILED, text)
    text = gettext(
        "spaCy {version} tags a sentence ({seconds} s with loading).",
        version=version("spacy"),
        seconds=f"{time.perf_counter() - began:.1f}",
    )
    return Check("pipeline", Health.GOOD, text)


def _extras_check() -> Check:
    installed = [name for name, module in EXTRAS.items() if find_spec(module) is not None]
    missing = [name for name in EXTRAS if name not in installed]
    text = gettext(
        "pushcart {version}; extras installed: {installed}; not installed: {missing}.",
        version=_own_version(),
        installed=", ".join(installed) or "-",
        missing=", ".join(missing) or "-",
    )
    return Check("extras", Health.GOOD, text)


def _own_version() -> str:
    try:
        return version("pushcart")
    except PackageNotFoundError:
        return "-"
