"""Text from outside in the one form in which it is kept: the home of every rule on characters.

`clean` is called where text comes in, once more when a value of corpus/types.py is made, and at the wall of the record
store, so that no caller can forget it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""What other programs write for a new line; word processors put a vertical tab where a title is broken."""
_DROPPED = (
    "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff"
)
_UNSEEN = re.compile(f"[{_DROPPED}]")
"""Control characters, directional marks, lone surrogates, and the two code points that XML cannot hold. Zero-width
(non-)joiners stay: Persian and Hindi write with them. So does the soft hyphen: it says where a word was broken."""
_UNCLEAN = re.compile(f"[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029{_DROPPED}]")
_UNCLEAN_ASCII = bytes([*range(9), *range(11, 32), 127])
_NESTED_MAX = 100
"""Lists and objects inside each other, in JSON; what lies deeper is left out, before it ends the stack of Python."""


def is_clean(text: str) -> bool:
    """Say whether `clean` would leave the text as it is. Costs about 1 ns a character of ASCII, 15 of others."""
    if text.isascii():
        return len(text.encode().translate(None, _UNCLEAN_ASCII)) == len(text)
    return not _UNCLEAN.search(text) and unicodedata.is_normalized("NFC", text)


def clean(text: str) -> str:
    r"""Return text in Unicode NFC without surrogates, control characters and marks that nobody sees.

    `\n` and `\t` stay; every other line end becomes `\n`. Two surrogates that are one character become it; one alone goes.
    Repeating it changes nothing; touches nothing; never raises.
    """
    if is_clean(text):
        return text
    text = _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    return unicodedata.normalize("NFC", _UNSEEN.sub("", _LINE_ENDS.sub("\n", text)))


def clean_line(text: str) -> str:
    """Return cleaned text as one line, each run of white space one space, none at the ends."""
    return " ".join(clean(text).split())


def clean_address(text: str) -> str:
    """Return an address without what no address has: surrogates, control characters, line ends, white space around it.

    It is not normalised: a server may know `e` with an accent in one of its two forms only.
    """
    return _UNCLEAN.sub("", text.replace("\n", "")).strip()


def clean_json(value: Any, *, depth: int = 0) -> Any:
    """Return a value of JSON with every text in it cleaned, keys too; what is nested deeper than 100 becomes None."""
    if isinstance(value, str):
        return clean(value)
    if depth >= _NESTED_MAX and isinstance(value, (list, tuple, Mapping)):
        return None
    if isinstance(value, (list, tuple)):
        return [clean_json(each, depth=depth + 1) for each in value]
    if isinstance(value, Mapping):
        return {clean(str(name)): clean_json(each, depth=depth + 1) for name, each in value.items()}
    return value
