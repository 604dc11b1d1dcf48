"""Opens a worker: what it matches with, writes with and sends through, as the settings say."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from alerts.channels.email import Mailer, mail_server
from alerts.channels.webhook import WebhookSender
from alerts.checking.sweep import Sweep
from alerts.composing import Composer, MailNames
from alerts.following import Follower
from alerts.matching.reasons import reasons_of
from alerts.sending.worker import Worker
from alerts.subscribing.forgetting import forget_old
from alerts.subscribing.links import AlertLinks
from corpus.rights import RightsPolicy
from corpus.secret_key import secret_key_of
from search_api.engines.base import SearchEngine

if TYPE_CHECKING:
    from corpus.settings import Settings
    from corpus.store import Store, WorkerLives
    from corpus.vocabulary import Vocabulary

SWEPT_EACH = timedelta(days=1)
SWEPT_AT_ONCE = 20
"""Searches that are swept between two looks at new documents."""
FORGOTTEN_EACH_SECONDS = 3600.0
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AlertsRoom:
    """What alerts work with, opened once for a process."""

    settings: Settings
    store: Store
    engine: SearchEngine
    vocabulary: Vocabulary
    rights: RightsPolicy
    """By corpus.rights.policy_of_messages."""

    def composer(self) -> Composer:
        """Return what writes messages."""
        links = AlertLinks(self.store, key=secret_key_of(self.settings), site=self.settings.public_url)
        return Composer(
            self.store,
            links=links,
            vocabulary=self.vocabulary,
            settings=self.settings,
            rights=self.rights,
            mail=MailNames.of(self.settings),
        )

    def sweep(self) -> Sweep:
        """Return what compares matches with fresh searches."""
        reasons = reasons_of(self.store, vocabulary=self.vocabulary)
        return Sweep(self.store, self.engine, vocabulary=self.vocabulary, reasons=reasons)

    def worker(
        self,
        lives: WorkerLives,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> Worker:
        """Return a worker that matches new documents and sends messages.

        Args:
            lives: of all workers of these records.
            now: the clock, UTC.
        """
        server = mail_server(self.settings)
        return Worker(
            self.store,
            lives,
            compose=self.composer().compose,
            mailer=Mailer(server) if server else None,
            webhooks=WebhookSender(allow_private=self.settings.webhooks_allow_private),
            follow=_Rounds(self, now=now).follow,
            now=now,
        )


class _Rounds:
    """What a worker does whenever documents or searches may be new, and each day. One thread uses it at a time."""

    def __init__(self, room: AlertsRoom, *, now: Callable[[], datetime]) -> None:
        self._store = room.store
        self._now = now
        self._follower = Follower(room.store, vocabulary=room.vocabulary, settings=room.settings)
        self._sweep = room.sweep()
        self._forgot_at: float | None = None

    def follow(self) -> None:
        """Match new documents, look for what searches lack that are new or were not swept today, and forget what is old."""
        followed = self._follower.follow()
        if followed.documents:
            _log.info("documents_matched", documents=followed.documents, new=followed.new, known=followed.known)
        now = self._now()
        swept = self._sweep.due(before=now - SWEPT_EACH, now=now, limit=SWEPT_AT_ONCE)
        if swept.stopped is not None:
            _log.warning("searches_not_swept", reason=swept.stopped.message)
        elif swept.added or swept.known:
            _log.warning("matches_were_missing", added=swept.added, known=swept.known)
        if self._forgot_at is None or time.monotonic() - self._forgot_at > FORGOTTEN_EACH_SECONDS:
            forget_old(self._store, now=now)
            self._forgot_at = time.monotonic()
