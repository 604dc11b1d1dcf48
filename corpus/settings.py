"""All settings: one frozen object, read once from the environment, unit in the name.

Code receives settings; nothing but `read_settings` asks the environment. docs/settings.md describes each of them, and
a test holds the two together.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from corpus.errors import BadSettings
from corpus.messages import sentence
from corpus.types import LANGUAGES
from corpus.urls import is_web_address

PREFIX = "PUSHCART_"
_INDEX_PREFIX = re.compile(r"[a-z][a-z0-9-]{0,60}")
_MAIL_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")
TEST_PREFIX = "PUSHCART_TEST_"
"""Names that only the test tooling reads; settings leave them alone."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person can set, each by the environment variable PUSHCART_<NAME>."""

    data_dir: Path = Path("pushcart-data")
    """Folder for all data: database, files, index, reports."""
    database_url: str = ""
    """SQLAlchemy address; empty: SQLite in the data folder."""
    files_url: str = ""
    """fsspec address of the file store; empty: the folder `files` in the data folder."""
    elasticsearch_url: str = ""
    """Address of a cluster, or of several nodes separated by commas; empty: the embedded engine in the data folder."""
    elasticsearch_user: str = ""
    elasticsearch_password: str = field(default="", repr=False)
    """Of that user; used when there is no key."""
    elasticsearch_api_key: str = field(default="", repr=False)
    """In the encoded form in which Elasticsearch gives it."""
    elasticsearch_ca_file: Path | None = None
    """Certificate (PEM) of the authority that signed the cluster's; None: the system's authorities."""
    elasticsearch_prefix: str = "pushcart"
    """Prefix of all index names."""
    elasticsearch_shards: int = 1
    """Of each index, set when an index is created."""
    elasticsearch_replicas: int = 0
    """Copies of each shard on other nodes."""
    elasticsearch_seconds_max: float = 30.0
    """Longest wait for an answer, seconds."""
    sources_dir: Path | None = None
    """Folder of a person's own source files (TOML), read beside the built-in ones; None: `sources` in the data folder."""
    language: str = ""
    """Language in which commands say what went wrong: en, es, fr or pt; empty: that of the terminal (pushcart.language)."""
    public_url: str = "http://localhost:8000"
    """Public address of the pages; feeds and citations use it. No slash at the end."""
    follow_licences: str = "auto"
    """Whether what is shown of others' documents follows their licences: `always`, `never`, or `auto`: unless `public_url` is an
    address of this machine only. `pushcart serve` takes a host that others reach for `always`."""
    commercial: bool = False
    """Whether serving is commercial: then non-commercial licences (NC) allow passages only."""
    contact: str = ""
    """E-mail address or web page named in the crawler's user agent; required for a harvest over the internet."""
    workers: int = 0
    """Processes that read files, and as many that tag documents; 0: one per processor."""
    read_seconds_max: float = 60.0
    """Longest time for reading one file, seconds."""
    read_pages_max: int = 5000
    """Most pages read of one file."""
    read_memory_mebibytes_max: int = 2048
    """Most memory one reading process may take, MiB."""
    tag_seconds_max: float = 60.0
    """Longest time for making and tagging one document, seconds."""
    tag_memory_mebibytes_max: int = 2048
    """Most memory one tagging process may take, MiB; about 500 of them are dictionaries."""
    file_mebibytes_max: int = 200
    """Largest file that is fetched or read, MiB."""
    harvest_minutes_max: int = 24 * 60
    """Longest time of one harvest of one source, minutes; a source file may say another with `minutes_max`."""
    harvest_grace_seconds: float = 10.0
    """Seconds that a harvest has to stop before its process is killed."""
    query_characters_max: int = 2000
    """Longest text of a search."""
    searches_at_once: int = 0
    """Searches that one process works on at the same time; 0: two per processor."""
    search_wait_seconds_max: float = 5.0
    """How long a search waits for its turn before it is refused with 503, seconds."""
    exports_at_once: int = 2
    """Exports that one process writes at the same time, each for another address."""
    export_seconds_max: float = 600.0
    """Longest time of one export, seconds; at most 600."""
    secret_key: str = field(default="", repr=False)
    """Signs cursors and sessions, the same on all machines that serve one site; empty: created once in the data folder."""
    rate_limit: str = "auto"
    """Searches and documents that one address may ask for: `300/minute`, several with `;` between, `off`, or `auto`:
    300/minute when `public_url` is not an address of this machine or of a private network, else off."""
    rate_limit_storage: str = ""
    """Where requests are counted: `memory://` (each process for itself), `redis://...` or `memcached://...` for several machines;
    empty: a file in the data folder, which all processes of one machine share."""
    trusted_proxies: str = "127.0.0.1,::1"
    """Addresses or networks, separated by commas, whose X-Forwarded-For is used; empty: none."""
    request_seconds_max: float = 10.0
    """How long a whole request (line, headers, body) may take to arrive, seconds."""
    count_failed_searches: bool = True
    """Whether the words of searches that found nothing are counted, without anything that identifies the reader."""
    frozen_searches_max: int = 2000
    """Frozen searches that are kept at the same time; 0: no new ones, existing ones can be read."""
    frozen_per_network_max: int = 50
    """Frozen searches that one network keeps at the same time."""
    frozen_hits_max: int = 10_000
    """Largest number of documents in one frozen search."""
    frozen_days: int = 730
    """How long a frozen search is kept after it was last opened, days."""
    frozen_rate_limit: str = "auto"
    """How often one address may freeze, rename or delete a search: `10/hour;40/day`, `off`, or `auto`: that when `public_url` is
    no address of this machine or of a private network, else off."""
    quotes_rate_limit: str = "auto"
    """How often one address may have a text's quotes checked: `30/hour;200/day`, `off`, or `auto`: that when `public_url` is no
    address of this machine or of a private network, else off."""
    alerts_subscriptions_max: int = 20_000
    """Searches that are followed at the same time, unconfirmed ones too; 0: no new ones."""
    alerts_per_subscriber_max: int = 100
    """Searches that one address follows."""
    alerts_unconfirmed_per_network_max: int = 20
    """Searches that one network asked to follow and that are not confirmed yet."""
    alerts_rate_limit: str = "auto"
    """How often one address may ask to follow a search: `10/hour;30/day`, `off`, or `auto`: that when `public_url` is not one
    of this machine or of a private network, else off."""
    alerts_check_domains: bool = False
    """Whether to check with DNS that the domain of an e-mail address accepts mail."""
    smtp_host: str = ""
    """Mail server that delivers the e-mails of alerts; empty: no e-mails."""
    smtp_port: int = 0
    """0: 587 with starttls, 465 with tls, 25 with none."""
    smtp_security: str = "starttls"
    """`starttls` (a connection that does not turn to TLS is given up), `tls` from the first byte, or `none`."""
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    """Of that user; sent over TLS only."""
    smtp_ca_file: Path | None = None
    """Certificate (PEM) of the authority that signed the mail server's; None: the system's authorities."""
    smtp_seconds_max: float = 60.0
    """Longest wait for one answer of the mail server, seconds; ten times as long for the one that takes the message over."""
    mail_from: str = ""
    """Address that alerts come from: `alerts@example.org`, or with a name: `Pushcart <alerts@example.org>`."""
    mail_bounces_to: str = ""
    """Address to which mail servers return what they cannot deliver (the envelope's sender); empty: that of `mail_from`."""
    webhooks_allow_private: bool = False
    """Whether webhooks may use private addresses and http, for development."""
    metrics_address: str = ""
    """Where the pages' process serves metrics for Prometheus, such as `127.0.0.1:9464`; empty: nowhere."""
    log_level: str = "warning"
    """`debug`, `info`, `warning` or `error`."""
    log_format: str = "auto"
    """`text`, `json`, or `auto`: text on a terminal, JSON elsewhere."""
    log_requests: bool = False
    """Whether each request is logged: route, status and duration, without address, words or ids."""

    def __post_init__(self) -> None:
        for each in fields(self):
            if each.name.startswith(("read_", "tag_", "file_")):
                _check(getattr(self, each.name) > 0, each.name, sentence("must be more than 0"))
        _check(
            1 <= self.harvest_minutes_max <= 525_600,
            "harvest_minutes_max",
            sentence("must be from 1 to 525600 (a year)"),
        )
        _check(
            0 < self.harvest_grace_seconds <= 3600,
            "harvest_grace_seconds",
            sentence("must be more than 0 and at most {most}", most=3600),
        )
        for name in ("search_wait_seconds_max", "request_seconds_max"):
            _check(0 < getattr(self, name) <= 3600, name, sentence("must be more than 0 and at most {most}", most=3600))
        _check(
            0 <= self.searches_at_once <= 1000,
            "searches_at_once",
            sentence("must be from {least} to {most}", least=0, most=1000),
        )
        _check(
            1 <= self.exports_at_once <= 100,
            "exports_at_once",
            sentence("must be from {least} to {most}", least=1, most=100),
        )
        _check(
            0 < self.export_seconds_max <= 600,
            "export_seconds_max",
            sentence("must be more than 0 and at most {most}", most=600),
        )
        _check(
            0 <= self.frozen_searches_max <= 1_000_000,
            "frozen_searches_max",
            sentence("must be from {least} to {most}", least=0, most=1000000),
        )
        _check(self.frozen_per_network_max >= 1, "frozen_per_network_max", sentence("must be 1 or more"))
        _check(
            1 <= self.frozen_hits_max <= 100_000,
            "frozen_hits_max",
            sentence("must be from {least} to {most}", least=1, most=100000),
        )
        _check(1 <= self.frozen_days <= 36_500, "frozen_days", sentence("must be from 1 to 36500 (a hundred years)"))
        _check(
            0 <= self.alerts_subscriptions_max <= 1_000_000,
            "alerts_subscriptions_max",
            sentence("must be from {least} to {most}", least=0, most=1000000),
        )
        _check(
            1 <= self.alerts_per_subscriber_max <= 10_000,
            "alerts_per_subscriber_max",
            sentence("must be from {least} to {most}", least=1, most=10000),
        )
        _check(
            self.alerts_unconfirmed_per_network_max >= 1,
            "alerts_unconfirmed_per_network_max",
            sentence("must be 1 or more"),
        )
        _check(
            not self.secret_key or len(self.secret_key) >= 16, "secret_key", sentence("must have 16 characters or more")
        )
        _check(self.elasticsearch_seconds_max > 0, "elasticsearch_seconds_max", sentence("must be more than 0"))
        _check(
            1 <= self.elasticsearch_shards <= 1024,
            "elasticsearch_shards",
            sentence("must be from {least} to {most}", least=1, most=1024),
        )
        _check(self.elasticsearch_replicas >= 0, "elasticsearch_replicas", sentence("must be 0 or more"))
        _check(
            _INDEX_PREFIX.fullmatch(self.elasticsearch_prefix),
            "elasticsearch_prefix",
            sentence("must be lower-case letters, digits and hyphens"),
        )
        _check(self.workers >= 0, "workers", sentence("must be 0 or more"))
        _check(
            1 <= self.query_characters_max <= 100_000,
            "query_characters_max",
            sentence("must be from {least} to {most}", least=1, most=100000),
        )
        _check(
            self.log_level in ("debug", "info", "warning", "error"),
            "log_level",
            sentence("must be {values}", values="debug, info, warning, error"),
        )
        _check(
            self.log_format in ("auto", "text", "json"),
            "log_format",
            sentence("must be {values}", values="auto, text, json"),
        )
        _check(
            self.follow_licences in ("auto", "always", "never"),
            "follow_licences",
            sentence("must be {values}", values="auto, always, never"),
        )
        self._check_mail()
        _check(self.language in ("", *LANGUAGES), "language", sentence("must be {values}", values=", ".join(LANGUAGES)))
        _check(
            is_web_address(self.public_url),
            "public_url",
            sentence("must start with http:// or https:// and name a host"),
        )
        is_address = not self.metrics_address or host_and_port(self.metrics_address) is not None
        _check(is_address, "metrics_address", sentence("must be a host and a port, such as 127.0.0.1:9464"))

    def _check_mail(self) -> None:
        _check(
            0 <= self.smtp_port <= 65_535, "smtp_port", sentence("must be from {least} to {most}", least=0, most=65535)
        )
        _check(
            self.smtp_security in ("starttls", "tls", "none"),
            "smtp_security",
            sentence("must be {values}", values="starttls, tls, none"),
        )
        _check(
            0 < self.smtp_seconds_max <= 600,
            "smtp_seconds_max",
            sentence("must be more than 0 and at most {most}", most=600),
        )
        is_open = self.smtp_security == "none" and bool(self.smtp_user or self.smtp_password)
        _check(
            not is_open,
            "smtp_security",
            sentence("must be starttls or tls when there is a user, because a password is not sent unencrypted"),
        )
        for name in ("mail_from", "mail_bounces_to"):
            given = getattr(self, name)
            _check(
                not given or is_mail_sender(given),
                name,
                sentence("must be an e-mail address, or a name and <an e-mail address>"),
            )
        _check(not self.smtp_host or self.mail_from, "mail_from", sentence("must be set when PUSHCART_SMTP_HOST is"))

    @property
    def index_dir(self) -> Path:
        """Return the folder of the embedded index."""
        return self.data_dir / "index"

    @property
    def searches_at_once_count(self) -> int:
        """Return how many searches one process works on at the same time, at least 1."""
        return self.searches_at_once or 2 * (os.cpu_count() or 1)

    @property
    def worker_count(self) -> int:
        """Return how many processes read files, and how many tag, at least 1."""
        return self.workers or os.cpu_count() or 1


def _check(condition: object, name: str, rule: str) -> None:
    if not condition:
        raise BadSettings(
            sentence("{name} {rule}.", name=PREFIX + name.upper(), rule=rule),
            try_next=sentence("See docs/settings.md."),
        )


def host_and_port(text: str) -> tuple[str, int] | None:
    """Read `127.0.0.1:9464` or `[::1]:9464`; None: it is neither."""
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") if host.startswith("[") else host
    is_number = port.isascii() and port.isdigit() and 1 <= int(port[:6]) <= 65_535
    return (host, int(port)) if host and colon and is_number and (":" not in host or text.startswith("[")) else None


def is_mail_sender(text: str) -> bool:
    """Say whether a text is `user@host` or `Name <user@host>`, in one line."""
    address = parseaddr(text)[1]
    return _MAIL_ADDRESS.fullmatch(address) is not None and text.isprintable()


def _path_or_none(value: str) -> Path | None:
    return Path(value) if value else None


def _true_or_false(value: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise ValueError(value)
    return value.lower() == "true"


_READERS: Mapping[str, Callable[[str], Any]] = {
    "Path": Path,
    "Path | None": _path_or_none,
    "str": str,
    "int": int,
    "float": float,
    "bool": _true_or_false,
}


_KINDS: Mapping[str, str] = {
    "int": sentence("a number"),
    "float": sentence("a number"),
    "bool": sentence("true or false"),
}
"""What a reader that refuses a value asks for."""


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that the environment gives.

    Args:
        environment: names and values; None means the process's own.

    Raises BadSettings: a PUSHCART_ name is unknown, or a value is not of its kind.
    """
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in (os.environ if environment is None else environment).items()
        if name.startswith(PREFIX) and not name.startswith(TEST_PREFIX)
    }
    known = {each.name: each for each in fields(Settings)}
    if unknown := sorted(given.keys() - known.keys()):
        raise BadSettings(
            sentence("No setting is called {name}.", name=PREFIX + unknown[0].upper()),
            try_next=sentence("See docs/settings.md; it may be a spelling mistake."),
        )
    values: dict[str, Any] = {}
    for name, text in given.items():
        if not text and known[name].default is not MISSING:
            continue  # an empty variable is as good as none
        try:
            values[name] = _READERS[str(known[name].type)](text)
        except ValueError as error:
            raise BadSettings(
                sentence(
                    "{name} is {text}, which is not {kind}.",
                    name=PREFIX + name.upper(),
                    text=repr(text),
                    kind=_KINDS[str(known[name].type)],
                ),
                try_next=sentence("See docs/settings.md."),
            ) from error
    if "public_url" in values:
        values["public_url"] = values["public_url"].rstrip("/")
    return Settings(**values)
