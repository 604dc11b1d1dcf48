"""All settings: one frozen object, read once from the environment, unit in the name.

Code receives settings; nothing but `read_settings` asks the environment. `pushcart settings` shows them with
the docstrings of this file.
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
    """Folder for all data: database, files, index, reports. Back it up. A relative path starts from the current folder.
    Commands that only read do not create it. `pushcart demo` keeps its samples in its subfolder `demo`."""
    database_url: str = ""
    """SQLAlchemy address of the database. Empty: SQLite in the data folder."""
    files_url: str = ""
    """fsspec address of the file store, such as `s3://bucket/files` (extra `s3`). Empty: `files` in the data folder."""
    elasticsearch_url: str = ""
    """Address of an Elasticsearch cluster, or of several nodes separated by commas. Empty: the embedded engine in the
    data folder."""
    elasticsearch_user: str = ""
    """User of the cluster."""
    elasticsearch_password: str = field(default="", repr=False)
    """Password of that user."""
    elasticsearch_api_key: str = field(default="", repr=False)
    """API key in its encoded form; replaces user and password."""
    elasticsearch_ca_file: Path | None = None
    """Certificate (PEM) of the authority that signed the cluster's certificate. Empty: the system's authorities."""
    elasticsearch_prefix: str = "pushcart"
    """Prefix of all index names."""
    elasticsearch_shards: int = 1
    """Shards of each index, set when an index is created."""
    elasticsearch_replicas: int = 0
    """Copies of each shard on other nodes."""
    elasticsearch_seconds_max: float = 30.0
    """Timeout for an answer, in seconds."""
    sources_dir: Path | None = None
    """Folder of your own source files (TOML). Empty: `sources` in the data folder."""
    language: str = ""
    """Language in which commands say what went wrong: `en`, `es`, `fr` or `pt`. Empty: `LC_ALL`, `LC_MESSAGES` or
    `LANG`."""
    public_url: str = "http://localhost:8000"
    """Public address of the pages; feeds and citations use it."""
    follow_licences: str = "auto"
    """Whether documents are shown according to their licences: `always`; `never`: everything is shown; `auto`: always,
    unless only this machine can reach the pages."""
    commercial: bool = False
    """`true` if you charge or advertise: then non-commercial licences (NC) allow passages only."""
    contact: str = ""
    """E-mail address or web page in the crawler's user agent. Required for harvests over the internet."""
    workers: int = 0
    """Processes that read files. 0: one per processor."""
    read_seconds_max: float = 60.0
    """Longest time to read one file, in seconds."""
    read_pages_max: int = 5000
    """Largest number of pages read from one file."""
    read_memory_mebibytes_max: int = 2048
    """Memory limit of one reading process, in MiB."""
    tag_seconds_max: float = 60.0
    """Longest time to tag one document, in seconds. A document that takes longer is kept without tags."""
    tag_memory_mebibytes_max: int = 2048
    """Memory limit of one tagging process, in MiB; dictionaries take about 500."""
    file_mebibytes_max: int = 200
    """Largest file that is fetched or read, in MiB."""
    harvest_minutes_max: int = 24 * 60
    """Longest time of one harvest of one source, in minutes; the next run continues. `minutes_max` in a source file
    takes precedence."""
    harvest_grace_seconds: float = 10.0
    """Seconds that a harvest has to stop before its process is killed."""
    query_characters_max: int = 2000
    """Longest text of a search, in characters; at most 100000."""
    searches_at_once: int = 0
    """Searches that one process runs at the same time. 0: two per processor."""
    search_wait_seconds_max: float = 5.0
    """Longest wait of a search for its turn before it is refused with 503, in seconds."""
    exports_at_once: int = 2
    """Exports that one process writes at the same time; 1 to 100."""
    export_seconds_max: float = 600.0
    """Longest time of one export, in seconds; at most 600."""
    secret_key: str = field(default="", repr=False)
    """Signs cursors and sessions; 16 characters or more, the same on all machines of one site. Changing it signs
    everyone out. Empty: created once in the data folder (`secret-key`, mode 0600)."""
    rate_limit: str = "auto"
    """Requests that one address may send, such as `300/minute` or `20/second;300/minute`; `off`; `auto`: 300/minute
    when `PUSHCART_PUBLIC_URL` is a public address, otherwise off."""
    rate_limit_storage: str = ""
    """Where requests are counted. Empty: a file in the data folder, shared by all processes of one machine.
    `memory://`: per process. `redis://host:6379` or `memcached://host:11211`: shared by several machines."""
    trusted_proxies: str = "127.0.0.1,::1"
    """Addresses or networks of your proxies, separated by commas, whose `X-Forwarded-For` is used."""
    request_seconds_max: float = 10.0
    """Longest time for a whole request to arrive, in seconds; then its connection is closed."""
    count_failed_searches: bool = True
    """Whether searches that found nothing are counted for `pushcart searches`. See Searching."""
    frozen_searches_max: int = 2000
    """Frozen searches kept at the same time; one of 10,000 documents takes about 190 kB. `0`: no new ones; existing
    ones can still be read."""
    frozen_per_network_max: int = 50
    """Frozen searches kept for one network (an IPv4 address or an IPv6 /64). This machine is not counted."""
    frozen_hits_max: int = 10_000
    """Largest number of documents in one frozen search; at most 100000."""
    frozen_days: int = 730
    """Days for which a frozen search is kept after it was last opened."""
    frozen_rate_limit: str = "auto"
    """How often one address may freeze, rename or delete a search, such as `10/hour;40/day`; `off`; `auto`: that when
    `PUSHCART_PUBLIC_URL` is a public address, otherwise off."""
    quotes_rate_limit: str = "auto"
    """How often one address may have the quotes of a text checked, such as `30/hour;200/day`; `off`; `auto`: that when
    `PUSHCART_PUBLIC_URL` is a public address, otherwise off."""
    alerts_subscriptions_max: int = 20_000
    """Searches followed at the same time, including unconfirmed ones. `0`: no new ones; existing ones continue."""
    alerts_per_subscriber_max: int = 100
    """Searches that one address can follow."""
    alerts_unconfirmed_per_network_max: int = 20
    """Unconfirmed searches of one network (an IPv4 address or an IPv6 /64). They are removed after seven days. This
    machine is not counted."""
    alerts_rate_limit: str = "auto"
    """How often one address may ask to follow a search, such as `10/hour;30/day`; `off`; `auto`: that when
    `PUSHCART_PUBLIC_URL` is a public address, otherwise off."""
    alerts_check_domains: bool = False
    """`true`: check with DNS that the domain of an e-mail address accepts mail."""
    smtp_host: str = ""
    """Mail server (relay) that delivers e-mails. Empty: e-mail alerts are off."""
    smtp_port: int = 0
    """Port of the mail server. 0: 587 with `starttls`, 465 with `tls`, 25 with `none`."""
    smtp_security: str = "starttls"
    """`starttls` or `tls`, with certificates checked; `none`: no encryption, for a server on this machine."""
    smtp_user: str = ""
    """User of the mail server. Empty: no login."""
    smtp_password: str = field(default="", repr=False)
    """Password of that user; only sent over TLS."""
    smtp_ca_file: Path | None = None
    """Certificate (PEM) of the authority that signed the mail server's certificate. Empty: the system's authorities."""
    smtp_seconds_max: float = 60.0
    """Timeout for an answer of the mail server, in seconds; ten times as long after the message itself."""
    mail_from: str = ""
    """Sender address: `alerts@example.org` or `Pushcart <alerts@example.org>`. Required with `PUSHCART_SMTP_HOST`."""
    mail_bounces_to: str = ""
    """Address for undeliverable messages (bounces). Empty: that of `PUSHCART_MAIL_FROM`."""
    webhooks_allow_private: bool = False
    """`true`: webhooks may use `http://` and private addresses, for development."""
    metrics_address: str = ""
    """Host and port, such as `127.0.0.1:9464`, where `pushcart serve` gives metrics to Prometheus. Empty: none."""
    log_level: str = "warning"
    """`debug`, `info`, `warning` or `error`."""
    log_format: str = "auto"
    """`text`, `json`, or `auto`: text on a terminal, JSON elsewhere."""
    log_requests: bool = False
    """`true`: log each request with route, status and seconds, without address, words or ids."""

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
            try_next=sentence("See `pushcart settings`."),
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
            try_next=sentence("See `pushcart settings`; it may be a spelling mistake."),
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
                try_next=sentence("See `pushcart settings`."),
            ) from error
    if "public_url" in values:
        values["public_url"] = values["public_url"].rstrip("/")
    return Settings(**values)
