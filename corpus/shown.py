"""Texts of strangers made fit to be shown: on a terminal, in JSON, in a feed, on a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

_SIGNS = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, the escape among them; the line break and the tab stay
    "\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"  # what turns, hides or joins what is beside it
    "\ud800-\udfff"  # half characters, which no encoding can write
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"  # what is no character, and marks of bytes and annotations
    "\U000e0000-\U000e007f"  # tags: letters that nobody sees
    "]"
)
_FILE = re.compile(r"(?i)file:/")


def without_signs(text: str) -> str:
    """Return text without controls, escapes, bidirectional and invisible signs and half characters.

    Line breaks and tabs stay. Joiners stay too: Persian and many Indian scripts are spelled with them.
    """
    return text if text.isprintable() else _SIGNS.sub("", text)  # every one of the signs is not printable


def without_folder(url: str) -> str:
    """Return an address for strangers: of a person's own file only its name, for its folder is private."""
    if not _FILE.match(url):
        return url
    try:
        path = urlsplit(url).path
    except ValueError:
        path = url
    return PurePosixPath(unquote(path)).name or "file"


def for_strangers(value: Any) -> Any:
    """Return a value of JSON with every text in it fit for strangers: without signs, and without folders of this machine."""
    if isinstance(value, str):
        return without_signs(without_folder(value))
    if isinstance(value, Mapping):
        return {without_signs(str(name)): for_strangers(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [for_strangers(each) for each in value]
    return value


def safe_value(value: Any) -> Any:
    """Return a value of JSON with every text in it without signs; folders stay, for they are the person's own."""
    if isinstance(value, str):
        return without_signs(value)
    if isinstance(value, Mapping):
        return {safe_value(name): safe_value(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [safe_value(each) for each in value]
    return value
