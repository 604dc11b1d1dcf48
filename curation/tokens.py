"""Tokens of people: how one is written, made and known again.

A token is `pushcart_`, a public part of 10 letters and digits, `_`, a secret of 43 (256 bits) and a check sum of 6. Programs that
look for secrets in code and logs find it by `pushcart_[0-9A-Za-z]{10}_[0-9A-Za-z]{49}`; the check sum (CRC-32 of what stands
before it) tells a token from what only looks like one.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import string
import zlib
from dataclasses import dataclass, field

PREFIX = "pushcart_"
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_KEY_LETTERS = 10
_SECRET_LETTERS = 43
_SUM_LETTERS = 6
_TOKEN = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{_KEY_LETTERS}}})_[0-9A-Za-z]{{{_SECRET_LETTERS + _SUM_LETTERS}}}")


@dataclass(frozen=True, slots=True)
class PersonToken:
    """A token as someone shows it."""

    text: str = field(repr=False)
    key: str
    """The public part, by which it is looked up."""

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the text. A slow hash would add nothing: nobody guesses 256 random bits."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def new_token() -> PersonToken:
    """Return a token that nobody has."""
    key, secret = _letters(_KEY_LETTERS), _letters(_SECRET_LETTERS)
    unsummed = f"{PREFIX}{key}_{secret}"
    return PersonToken(unsummed + _check_sum(unsummed), key)


def read_token(text: str) -> PersonToken | None:
    """Return a text as a token; None: it is none, or it was cut or mistyped."""
    text = text.strip()
    found = _TOKEN.fullmatch(text)
    if found is None or text[-_SUM_LETTERS:] != _check_sum(text[:-_SUM_LETTERS]):
        return None
    return PersonToken(text, found[1])


def holds_token(text: str) -> bool:
    """Say whether a token stands somewhere in a text, such as an address."""
    return _TOKEN.search(text) is not None


def _letters(count: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(count))


def _check_sum(text: str) -> str:
    number, letters = zlib.crc32(text.encode()), ""
    for _ in range(_SUM_LETTERS):
        number, digit = divmod(number, len(_ALPHABET))
        letters = _ALPHABET[digit] + letters
    return letters
