"""The commands that the documentation shows: lines of its `sh` blocks, cut into words."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from tests.house.house import ROOT, tracked_files

_BLOCK = re.compile(r"^([ ]*)```sh\n([\s\S]*?)^\1```", re.MULTILINE)
_ENDS = {"&&", "||", "|", ";", ">", "<", "&"}
_VARIABLE = re.compile(r"([A-Z_]+)=(.*)", re.DOTALL)


@dataclass(frozen=True)
class Line:
    """One command line of a page; a line that ends with a backslash goes on in the next."""

    page: str
    text: str

    @property
    def words(self) -> list[str]:
        """Return the words of the line as a shell reads them, without comments; operators are words."""
        lexer = shlex.shlex(self.text, posix=True, punctuation_chars=True)
        lexer.wordchars += "$!*?=~:@%+,./{}[]-"
        return list(lexer)

    @property
    def variables(self) -> dict[str, str]:
        """Return what the line sets: for its command, or with `export` for all that follow."""
        found = {}
        for word in self.words:
            if match := _VARIABLE.fullmatch(word):
                found[match[1]] = match[2]
            elif word != "export":
                break
        return found

    @property
    def arguments(self) -> list[str] | None:
        """Return what `pushcart` is given; None: the line does not call it."""
        words = self.words
        place = next((at for at, word in enumerate(words) if word == "pushcart" or word.endswith("bin/pushcart")), None)
        if place is None or words[0] in ("cd", "useradd", "python3"):
            return None
        rest = words[place + 1 :]
        return rest[: next((at for at, word in enumerate(rest) if word in _ENDS), len(rest))]

    @property
    def address(self) -> str:
        """Return what a plain GET with curl asks this machine for; empty: it is no such line."""
        words = self.words
        return words[-1].removeprefix("http://localhost:8000") if words[0] == "curl" and len(words) == 2 else ""


def lines_of(page: str) -> list[Line]:
    """Return the command lines of one page, in order."""
    blocks = [block for _, block in _BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))]
    joined = "".join(blocks).replace("\\\n", " ").splitlines()
    return [Line(page, text.strip()) for text in joined if text.strip() and not text.strip().startswith("#")]


def pages() -> list[str]:
    """Return README and every page of docs/ but the decisions."""
    tracked = [path.as_posix() for path in tracked_files() if path.suffix == ".md"]
    return [name for name in tracked if name == "README.md" or re.match(r"docs/(?!decisions/)", name)]
