"""Links in messages: a row each in the records, and its id signed with the key of the site in the address.

Who lacks the key makes none that counts, and who reads a copy of the records makes none either. Made again for the same
purpose, a link is the same one, because a message is composed again at each attempt.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from itsdangerous import BadSignature, Signer

from alerts.ids import new_public_id
from corpus.alerts import AlertLink, Channel, LinkPurpose, Message, Subscriber, Subscription
from corpus.errors import NotFound
from corpus.messages import sentence
from corpus.secret_key import KeySource

if TYPE_CHECKING:
    from corpus.store import Store

CONFIRM_DAYS = 7
"""How long a confirmation can be given, and how long an unconfirmed subscription is kept."""
TOKEN_CHARACTERS_MAX = 200
_SALT = "pushcart alerts: "
_MESSAGE = "message"


class LinkState(StrEnum):
    """Whether a link that this site signed still counts."""

    OPEN = "open"
    USED = "used"
    """It acts once, and did; or it was taken back."""
    ENDED = "ended"
    GONE = "gone"
    """What it was about is no longer kept."""


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A link that this site signed."""

    state: LinkState
    link: AlertLink | None = None
    """None: GONE."""


class AlertLinks:
    """Makes and reads the links of one site. Threads may share it."""

    def __init__(self, store: Store, *, key: KeySource, site: str) -> None:
        """Take what links are made of.

        Args:
            store: has a row for each.
            key: of the site.
            site: its address, without a slash at the end.
        """
        self._store = store
        self._key = key
        self._site = site

    # ------------------------------------------------------------------ tokens

    def token(
        self, purpose: LinkPurpose, subscriber: int, *, now: datetime, subscription: int | None = None
    ) -> tuple[str, AlertLink]:
        """Return the token of a link, and what is kept of it: the one that counts already, or a new one.

        Args:
            purpose: what it may do.
            subscriber: whose it is.
            now: UTC.
            subscription: which it is about; None: all of the subscriber's.
        """
        ends = now + timedelta(days=CONFIRM_DAYS) if purpose is LinkPurpose.CONFIRM else None
        made = AlertLink(new_public_id(), purpose, subscriber, made_at=now, subscription=subscription, ends_at=ends)
        kept = self._store.alert_links.get_or_keep(made)
        return self._signed(purpose, kept.id), kept

    def open(self, token: str, purpose: LinkPurpose, *, now: datetime) -> OpenedLink:
        """Return what a token stands for and whether it still counts.

        Raises NotFound: this site never signed it for this purpose.
        """
        link = self._store.alert_links.get(self._read(purpose, token))
        if link is None or link.purpose is not purpose:
            return OpenedLink(LinkState.GONE)
        if link.used_at is not None:
            return OpenedLink(LinkState.USED, link)
        is_over = link.ends_at is not None and link.ends_at <= now
        return OpenedLink(LinkState.ENDED if is_over else LinkState.OPEN, link)

    def message_token(self, public_id: str) -> str:
        """Return the token of the page that shows the documents of a message, and nothing of its reader."""
        return self._signed(_MESSAGE, public_id)

    def message_of(self, token: str) -> Message:
        """Return the message of such a token. Raises NotFound: it is none, or the message is no longer kept."""
        found = self._store.messages.by_public_id(self._read(_MESSAGE, token))
        if found is None:
            raise not_there()
        return found

    # ------------------------------------------------------------------ addresses

    def confirm(self, subscriber: Subscriber, subscription: Subscription, *, now: datetime) -> tuple[str, datetime]:
        """Return the absolute address that confirms a subscription, and until when it counts. A webhook gets that of the API."""
        token, link = self.token(LinkPurpose.CONFIRM, subscriber.id, now=now, subscription=subscription.id)
        assert link.ends_at is not None
        return self._for(subscriber, f"alerts/confirm/{token}"), link.ends_at

    def not_me(self, subscriber: Subscriber, subscription: Subscription, *, now: datetime) -> str:
        """Return the absolute address by which someone says that they did not ask for a subscription. See `confirm`."""
        token, _ = self.token(LinkPurpose.CONFIRM, subscriber.id, now=now, subscription=subscription.id)
        return self._for(subscriber, f"alerts/not-me/{token}")

    def manage(self, subscriber: Subscriber, *, now: datetime) -> str:
        """Return the absolute address of the page on which a subscriber sees and changes everything."""
        token, _ = self.token(LinkPurpose.MANAGE, subscriber.id, now=now)
        return self._page(f"alerts/manage/{token}", lang=subscriber.lang)

    def unsubscribe(self, subscriber: Subscriber, *, now: datetime, subscription: int | None = None) -> str:
        """Return the absolute address that ends one subscription, or all: a page by GET, done by a POST (RFC 8058)."""
        token, _ = self.token(LinkPurpose.UNSUBSCRIBE, subscriber.id, now=now, subscription=subscription)
        return self._page(f"alerts/unsubscribe/{token}", lang=subscriber.lang)

    def message(self, public_id: str, *, lang: str, subscription: int | None = None) -> str:
        """Return the absolute address of exactly the documents of a message, or of those of one of its searches."""
        of_search = "" if subscription is None else f"search={subscription}&"
        return f"{self._site}/alerts/messages/{self.message_token(public_id)}?{of_search}locale={lang}"

    def _for(self, subscriber: Subscriber, path: str) -> str:
        if subscriber.channel is Channel.WEBHOOK:
            return f"{self._site}/api/v1/{path}"
        return self._page(path, lang=subscriber.lang)

    def _page(self, path: str, *, lang: str) -> str:
        # Never ends with the token: programs that make links of plain text leave a hyphen at the end out.
        return f"{self._site}/{path}?locale={lang}"

    # ------------------------------------------------------------------ signing

    def _signed(self, purpose: str, value: str) -> str:
        return self._signer(purpose).sign(value).decode()

    def _read(self, purpose: str, token: str) -> str:
        try:
            if len(token) > TOKEN_CHARACTERS_MAX:
                raise BadSignature("too long")
            return self._signer(purpose).unsign(token.encode()).decode()
        except (BadSignature, UnicodeError) as error:
            raise not_there() from error

    def _signer(self, purpose: str) -> Signer:
        return Signer(
            self._key(), salt=f"{_SALT}{purpose}".encode(), key_derivation="hmac", digest_method=hashlib.sha256
        )


def not_there() -> NotFound:
    """Return the error of a link that is not one of ours, or no longer."""
    return NotFound(
        sentence("This link is incomplete or no longer valid."),
        try_next=sentence("Open the link in the newest message you received; every message has one."),
    )
