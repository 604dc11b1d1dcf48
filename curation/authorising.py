"""Lets people in who show their token, and makes those wait who show wrong ones."""

from __future__ import annotations

from typing import Protocol

import structlog

from corpus.errors import NotAuthorised
from corpus.messages import sentence
from corpus.people import Person
from corpus.store import Store
from curation.people import authorised
from curation.sign_ins import SignIns
from curation.tokens import holds_token

_log = structlog.get_logger(__name__)


class FailedTokens(Protocol):
    """Counts the wrong tokens of each address."""

    def refuse(self, address: str) -> None:
        """Do nothing, or raise AsksTooOften: too many wrong tokens came from there. Counts nothing."""

    def count(self, address: str) -> None:
        """Count a wrong token. Never raises."""


class Authoriser:
    """Says whose token it is. Threads may share it."""

    def __init__(self, store: Store, *, sign_ins: SignIns, failures: FailedTokens) -> None:
        self._store = store
        self._sign_ins = sign_ins
        self._failures = failures

    def person(self, token: str, *, address: str, asked: str = "") -> Person:
        """Return whose token it is.

        Args:
            token: empty: none came.
            address: of who asks.
            asked: the query of the address that was requested.

        Raises NotAuthorised: none came, or it is unknown. AsksTooOften: too many wrong ones came from that address.
        """
        refuse_in_address(asked)
        if not token:
            raise NotAuthorised(
                sentence("Only a person with a token may do this."),
                try_next=sentence(
                    "Send the header Authorization: Bearer TOKEN. The operator of this site issues tokens."
                ),
            )
        self._failures.refuse(address)
        person = authorised(token, store=self._store)
        if person is None:
            self._failed(address)
            raise NotAuthorised(
                sentence("This token is unknown or has expired."),
                try_next=sentence(
                    "Copy it again in full. If it was replaced, ask the operator of this site for the new one."
                ),
                is_wrong=True,
            )
        return person

    def sign_in(self, token: str, *, address: str) -> str | None:
        """Return the cookie of a new session; None: the token is unknown, or it has ended.

        Raises AsksTooOften: too many wrong ones came from that address.
        """
        self._failures.refuse(address)
        cookie = self._sign_ins.begin(token)
        if cookie is None:
            self._failed(address)
        return cookie

    def _failed(self, address: str) -> None:
        self._failures.count(address)
        _log.warning("wrong_token", address=address)


def refuse_in_address(asked: str) -> None:
    """Raises NotAuthorised: a token is in the address that was requested, whatever it is called there."""
    if holds_token(asked):
        raise NotAuthorised(
            sentence(
                "The address contains a token, which is not accepted there: addresses are kept in logs and histories."
            ),
            try_next=sentence(
                "Have it replaced (`pushcart people rotate NAME --overlap 0`), and send it only in the header."
            ),
            is_wrong=True,
        )
