"""How often one address asks, counted by the library `limits` in a file that all processes share, or where a setting says."""

from __future__ import annotations

import asyncio
import hashlib
import math
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import structlog
from limits import RateLimitItem, parse, parse_many
from limits.errors import ConfigurationError
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from corpus.errors import AsksTooOften, BadSettings
from corpus.messages import sentence
from corpus.networks import is_public, network_of
from corpus.secret_key import KeySource, secret_key_of
from corpus.settings import PREFIX, Settings

FILE_NAME = "rate-limits.sqlite"
"""In the data folder. It may be deleted at any time: then everyone begins to count again."""
AUTO = "300/minute"
"""Of the setting `auto` on a public address: a reader with suggestions and many open pages stays below a third of it."""
AUTO_ALERTS = "10/hour;30/day"
"""Of the same setting for following searches: each one sends a message to someone."""
AUTO_FREEZING = "10/hour;40/day"
"""Of the same setting for frozen searches: a review of some twenty searches is frozen in an afternoon."""
AUTO_QUOTES = "30/hour;200/day"
"""Of the same setting for checking quotes: a draft costs as much as a hundred searches."""
FAILED_TOKENS = "10/minute"
"""Wrong tokens of one address; then it has to wait."""
_ANSWER_SECONDS_MAX = 1.0
"""Longest wait for the place where requests are counted; beyond it, the request is admitted."""
_PURGE_EVERY = 1000
"""Requests between two clearings of what is over."""

_log = structlog.get_logger(__name__)


class RateLimits:
    """Counts requests by address. Where they cannot be counted, everyone is admitted, and the log says why."""

    def __init__(self, storage: Storage, *, items: Sequence[RateLimitItem], key: KeySource, what: str = "") -> None:
        """Count in a storage.

        Args:
            items: how often an address may ask.
            key: hides addresses.
            what: names what is counted, when something else is counted in the same storage.
        """
        self._items = tuple(items)
        self._what = (what,) if what else ()
        self._limiter = FixedWindowRateLimiter(storage)
        self._key = key
        # One thread: the file of SQLite and a server elsewhere may both make one wait, and the event loop must not.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="rate-limits")
        self.in_words = " and ".join(f"{item.amount} times a {item.GRANULARITY.name}" for item in items)

    async def seconds_to_wait(self, address: str) -> float:
        """Count a request and return for how long its address has to wait; 0.0: it is admitted."""
        who = self._who(address)
        if not who:
            return 0.0
        counting = asyncio.get_running_loop().run_in_executor(self._thread, self._count, who)
        try:
            return await asyncio.wait_for(counting, _ANSWER_SECONDS_MAX)
        except (
            Exception
        ) as error:  # a server or a disk that is away must not close the site; whatever it is, it is logged
            _log.warning("requests_not_counted", reason=str(error) or type(error).__name__)
            return 0.0

    def _count(self, who: str) -> float:
        waits = [
            self._limiter.get_window_stats(item, *self._what, who).reset_time - time.time()
            for item in self._items
            if not self._limiter.hit(item, *self._what, who)
        ]
        return max(1.0, *waits) if waits else 0.0

    def _who(self, address: str) -> str:
        """Return the name under which an address is counted; empty: it is not counted."""
        return counted_name(address, key=self._key()) if network_of(address) else ""


class FailedTokenLimit:
    """Counts the wrong tokens of each address, this machine's own too; keeps to curation.authorising.FailedTokens.

    Where they cannot be counted, no request is refused, and the log says why: a token has 256 random bits, which cannot be guessed.
    """

    def __init__(self, storage: Storage, *, key: KeySource) -> None:
        self._item = parse(FAILED_TOKENS)
        self._limiter = FixedWindowRateLimiter(storage)
        self._key = key
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="failed-tokens")

    def refuse(self, address: str) -> None:
        """See FailedTokens."""
        seconds = self._on_thread(self._seconds_to_wait, counted_name(address, key=self._key()))
        if seconds:
            raise AsksTooOften(
                sentence("Too many wrong tokens came from this address."),
                try_next=sentence("Wait {seconds} seconds, then try again with the right one.", seconds=seconds),
                retry_seconds=seconds,
            )

    def count(self, address: str) -> None:
        """See FailedTokens."""
        self._on_thread(self._hit, counted_name(address, key=self._key()))

    def _seconds_to_wait(self, who: str) -> int:
        if self._limiter.test(self._item, "failed-token", who):
            return 0
        until = self._limiter.get_window_stats(self._item, "failed-token", who).reset_time
        return max(1, math.ceil(until - time.time()))

    def _hit(self, who: str) -> int:
        return int(self._limiter.hit(self._item, "failed-token", who))

    def _on_thread(self, ask: Callable[[str], int], who: str) -> int:
        try:
            return self._thread.submit(ask, who).result(timeout=_ANSWER_SECONDS_MAX)
        except Exception as error:  # as in RateLimits: whatever it is, it is logged
            _log.warning("wrong_tokens_not_counted", reason=str(error) or type(error).__name__)
            return 0


def counted_name(address: str, *, key: bytes) -> str:
    """Return the name under which an address is counted, which does not give the address away."""
    return hashlib.blake2b((network_of(address) or address).encode(), key=key, digest_size=16).hexdigest()


class SqliteStorage(Storage):
    """Counts in one file that any number of processes share. For the thread that first uses it."""

    STORAGE_SCHEME = None

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._opened: sqlite3.Connection | None = None
        self._until_purge = _PURGE_EVERY

    @property
    def base_exceptions(self) -> type[Exception]:
        """See Storage."""
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """See Storage."""
        now = time.time()
        self._purge_sometimes(now)
        counted = self._connection().execute(
            "INSERT INTO counted (key, amount, until) VALUES (:key, :amount, :until) ON CONFLICT (key) DO UPDATE SET"
            " amount = iif(until <= :now, excluded.amount, amount + excluded.amount),"
            " until = iif(until <= :now, excluded.until, until) RETURNING amount",
            {"key": key, "amount": amount, "until": now + expiry, "now": now},
        )
        return int(counted.fetchall()[0][0])

    def get(self, key: str) -> int:
        """See Storage."""
        return int(self._row(key)[0])

    def get_expiry(self, key: str) -> float:
        """See Storage."""
        return float(self._row(key)[1])

    def _row(self, key: str) -> tuple[int, float]:
        now = time.time()
        found = self._connection().execute("SELECT amount, until FROM counted WHERE key = ? AND until > ?", (key, now))
        row: tuple[int, float] | None = found.fetchone()
        return row or (0, now)

    def check(self) -> bool:
        """See Storage."""
        return bool(self._connection().execute("SELECT 1").fetchone())

    def reset(self) -> int:
        """See Storage."""
        return self._connection().execute("DELETE FROM counted").rowcount

    def clear(self, key: str) -> None:
        """See Storage."""
        self._connection().execute("DELETE FROM counted WHERE key = ?", (key,))

    def _purge_sometimes(self, now: float) -> None:
        self._until_purge -= 1
        if self._until_purge < 0:
            self._until_purge = _PURGE_EVERY
            self._connection().execute("DELETE FROM counted WHERE until <= ?", (now,))

    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            opened = sqlite3.connect(self._path, isolation_level=None, timeout=_ANSWER_SECONDS_MAX / 2)
            opened.execute("PRAGMA journal_mode = WAL")
            opened.execute("PRAGMA synchronous = OFF")  # counts of a lost machine do not matter
            opened.execute(
                "CREATE TABLE IF NOT EXISTS counted (key TEXT PRIMARY KEY, amount INTEGER, until REAL) WITHOUT ROWID"
            )
            self._opened = opened
        return self._opened


def rate_limits_of(settings: Settings) -> RateLimits | None:
    """Return the limits that the settings ask for; None: there are none.

    Raises BadSettings: the limit cannot be read, or the place to count in is none.
    """
    return _limits(settings, "rate_limit", auto=AUTO)


def freezing_limits_of(settings: Settings) -> RateLimits | None:
    """Return how often one address may freeze a search or change a frozen one; None: as often as it likes.

    Raises BadSettings: as rate_limits_of.
    """
    return _limits(settings, "frozen_rate_limit", auto=AUTO_FREEZING, what="frozen")


def quotes_limits_of(settings: Settings) -> RateLimits | None:
    """Return how often one address may have quotes checked; None: as often as it likes.

    Raises BadSettings: as rate_limits_of.
    """
    return _limits(settings, "quotes_rate_limit", auto=AUTO_QUOTES, what="quotes")


def subscribing_limits_of(settings: Settings) -> RateLimits | None:
    """Return how often one address may ask to follow a search; None: as often as it likes.

    Raises BadSettings: as rate_limits_of.
    """
    return _limits(settings, "alerts_rate_limit", auto=AUTO_ALERTS, what="alerts")


def _limits(settings: Settings, setting: str, *, auto: str, what: str = "") -> RateLimits | None:
    given: str = getattr(settings, setting)
    wanted = given.strip().lower()
    if wanted == "auto":
        wanted = auto if is_public(settings.public_url) else "off"
    if wanted == "off":
        return None
    try:
        items = parse_many(wanted)
    except ValueError as error:
        raise BadSettings(
            sentence("{name} is {given}, which is not a rate.", name=PREFIX + setting.upper(), given=repr(given)),
            try_next=sentence("Write 300/minute, several separated by `;`, `off` or `auto`."),
        ) from error
    return RateLimits(_storage_of(settings), items=items, key=secret_key_of(settings), what=what)


def failed_token_limit(settings: Settings) -> FailedTokenLimit:
    """Return the limit of wrong tokens, which no setting turns off. Raises BadSettings: the place to count in is none."""
    return FailedTokenLimit(_storage_of(settings), key=secret_key_of(settings))


def _storage_of(settings: Settings) -> Storage:
    if not settings.rate_limit_storage:
        return SqliteStorage(settings.data_dir / FILE_NAME)
    try:
        found = storage_from_string(settings.rate_limit_storage)
    except (ConfigurationError, ValueError) as error:
        raise BadSettings(
            sentence("PUSHCART_RATE_LIMIT_STORAGE cannot be used: {error}.", error=str(error)),
            try_next=sentence(
                "Write memory://, redis://host:6379 or memcached://host:11211, and install the client that it names."
            ),
        ) from error
    if not isinstance(found, Storage):
        raise BadSettings(
            sentence("PUSHCART_RATE_LIMIT_STORAGE must not start with async+."), try_next=sentence("Leave async+ out.")
        )
    return found
