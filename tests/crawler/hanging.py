"""Sources whose harvest hangs: in a loop of Python, and in one that never comes back to Python."""

from __future__ import annotations

import re

from crawler.sources.model import SourceFile
from crawler.sources.rules import ListingRules


class LoopsInPython(ListingRules):
    """Rules that never come to a decision."""

    def admit(self, url: str) -> bool:
        while True:
            pass


class LoopsInC(ListingRules):
    """Rules that hold the interpreter while they loop: no thread and no handler of a signal runs meanwhile."""

    def admit(self, url: str) -> bool:
        return re.search(r"(a+)+$", "a" * 60 + "!") is not None


def hanging(source: SourceFile, rules: ListingRules) -> SourceFile:
    """Return a source of listings that hangs as soon as its first list is read."""
    return source.model_copy(update={"listing": rules})
