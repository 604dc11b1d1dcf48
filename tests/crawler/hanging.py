"""Sources whose harvest hangs: in a loop of Python, and in one that never comes back to Python."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

from crawler.sources.model import SourceFile
from crawler.sources.rules import AddressRules


@dataclass(frozen=True, slots=True)
class LoopsInPython(AddressRules):
    """Rules that never come to a decision."""

    def admit(self, url: str) -> bool:
        while True:
            pass


@dataclass(frozen=True, slots=True)
class LoopsInC(AddressRules):
    """Rules that hold the interpreter while they loop: no thread and no handler of a signal runs meanwhile."""

    def admit(self, url: str) -> bool:
        return re.search(r"(a+)+$", "a" * 60 + "!") is not None


def hanging(source: SourceFile, addresses: AddressRules) -> SourceFile:
    """Return a source of listings that hangs as soon as its first list is read."""
    return dataclasses.replace(source, rules=dataclasses.replace(source.rules, addresses=addresses))
