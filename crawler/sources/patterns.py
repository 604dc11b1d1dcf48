"""Regular expressions of source files. RE2 matches them in time linear in the text: none of them can loop."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

_MEMORY_BYTES_MAX = 4 << 20
"""What one compiled expression may take."""
_LOOK_AROUND = re.compile(r"\(\?(?:<?[=!]|>|\()")
_REFERENCE_BACK = re.compile(r"\\[1-9]|\(\?P=")


class BadPattern(ValueError):
    """A text is no expression that can be used; the message says why, for the middle of a sentence."""


@dataclass(frozen=True, slots=True, repr=False)
class Pattern:
    """A regular expression, checked when it is made. Raises BadPattern."""

    text: str
    """In the syntax of RE2: that of Python without look-around and back-references; `\\w`, `\\d` and `\\b` are of ASCII."""

    def __post_init__(self) -> None:
        _compiled(self.text)

    def __repr__(self) -> str:
        # As Python writes its own: harvests compare this with what they remember of the rules of earlier runs.
        return f"re.compile({self.text!r})"

    def is_in(self, text: str) -> bool:
        """Say whether it is found anywhere in a text. Takes time linear in the length of the text."""
        return _compiled(self.text).search(text.encode("utf-8", "replace").decode()) is not None


@lru_cache(maxsize=1024)
def _compiled(text: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY_BYTES_MAX
    try:
        return re2.compile(text, options)
    except re2.error as error:
        raise BadPattern(_reason(text, error)) from error
    except UnicodeEncodeError as error:
        raise BadPattern("it holds half of a character") from error


def _reason(text: str, error: Exception) -> str:
    plain = re.sub(r"\\\\|\\[^1-9]", "", text)  # what is escaped is no group and no reference
    if _LOOK_AROUND.search(plain):
        return "look-ahead and look-behind can take for ever and are not supported; what must not be there goes into `deny`"
    if _REFERENCE_BACK.search(plain):
        return "references back to a group can take for ever and are not supported"
    said = error.args[0] if error.args else ""
    said = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    if "too large" in said or "repetition size" in said:
        return f"it is too large: {said}; use a smaller number of repetitions"
    return said
