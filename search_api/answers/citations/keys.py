"""Keys of citations, by which a text names what it cites."""

from __future__ import annotations

import re
import unicodedata

from corpus.types import Document
from search_api.answers.citations.names import Name

_ARTICLES = ("the", "el", "la", "le", "los", "les", "las", "il")
_WORD_LETTERS_MIN = 4


def citation_key(document: Document, *, author: Name | None, year: str, page: int = 0) -> str:
    """Return a key such as `quispe2019comercio-d0123456789abcdef`: what a person recognises, and the document's id.

    The id makes it one of its kind in every file, whatever else is there, and leads back to the document. It is the whole
    key where neither author nor title has Latin letters. The citation of a page ends with `-p41`.

    Args:
        document: what is cited.
        author: the first author, or the publisher; None when neither is known.
        year: empty when unknown.
        page: 1-based; 0: the whole document.
    """
    word = next((each for each in re.findall(r"\w+", document.title) if len(each) >= _WORD_LETTERS_MIN), "")
    words = f"{_family(author)}{year}{_ascii(word)}"
    own = re.sub(r"[^A-Za-z0-9]", "", document.id)
    key = f"{words}-{own}" if re.match(r"[a-z]", words) else own
    return f"{key}-p{page}" if page else key


def _family(author: Name | None) -> str:
    if author is None:
        return ""
    if author.family:
        return _ascii(author.family)
    names = [word for word in author.literal.split() if word.casefold() not in _ARTICLES]
    return _ascii(names[0]) if names else ""


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain)
