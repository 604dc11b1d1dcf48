"""Where a list goes on, as text: nothing of it is kept here, so that any process answers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from corpus.secret_key import KeySource
from search_api.oai.errors import OaiErrorCode, OaiRefusal

TOKEN_LIFETIME = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class OaiToken:
    """A list and how far it was given."""

    verb: str
    set_spec: str
    """Empty: all records."""
    since: str
    """`from` as it was given; empty: none."""
    until: str
    after: int
    """Sequence number of the last record that was given."""
    given: int
    """How many records were given."""


class OaiTokens:
    """Writes and reads resumption tokens, signed with the key of the site. Threads may share it."""

    def __init__(self, key: KeySource) -> None:
        """Sign with a key, which is read when it is first needed."""
        self._key = key

    def write(self, token: OaiToken, *, now: datetime) -> tuple[str, datetime]:
        """Return the text of a token, and until when it is good."""
        expires = (now + TOKEN_LIFETIME).replace(microsecond=0)
        values = [token.verb, token.set_spec, token.since, token.until, token.after, token.given]
        text = self._serializer().dumps([*values, int(expires.timestamp())])
        return str(text), expires

    def read(self, text: str, *, verb: str, now: datetime) -> OaiToken:
        """Return the token of a text.

        Raises OaiRefusal: badResumptionToken; it was not written here for this verb, or is too old.
        """
        try:
            *values, expires = self._serializer().loads(text)
            token = OaiToken(*values)
        except (BadData, TypeError, ValueError) as error:
            raise _bad("This resumptionToken was not issued by this repository.") from error
        if token.verb != verb:
            raise _bad(f"This resumptionToken was issued for {token.verb}.")
        if datetime.fromtimestamp(expires, UTC) < now:
            raise _bad("This resumptionToken has expired. Start again, with from set to the last datestamp you have.")
        return token

    def _serializer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self._key(), salt="oai")


def _bad(text: str) -> OaiRefusal:
    return OaiRefusal(OaiErrorCode.BAD_RESUMPTION_TOKEN, text)
