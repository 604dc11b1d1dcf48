"""The people whom a first page names as authors."""

from __future__ import annotations

import re

from corpus.metadata.authors import authors_in, is_whole_name
from nlp.spellings import Spellings

_LEAD = re.compile(
    r"(?:(?:written|edited|prepared|compiled|elaborado|escrito|preparado|editado|[ée]labor[ée]e?|r[ée]dig[ée]e?|pr[ée]par[ée]e?|coordinado|authored)(?:\(a\))? )?(?:by|por|par)\b ?:? ?"
    r"|(?:lead |principal |contributing |corresponding )?(?:authors?|autor(?:es|as?)?(?:/as)?|auteur(?:e|s|es)?|elabora[cç][aã]o|elaboraci[oó]n|pesquisa|texto|redacci[oó]n)(?:\(e?s\))? ?: ?",
    re.IGNORECASE,
)
_MARKS = re.compile(r"(?<=[^\W\d_])[ ]?[\d*†‡§¹²³⁴⁵,]*[\d*†‡§¹²³⁴⁵](?=\W|$)|[*†‡§¹²³⁴⁵]")
_HONOURS = re.compile(r"\b(?:dr|prof|mr|mrs|ms|sr|sra|dra|lic|ing|msc|m\. ?sc|mme|m)\.(?= ?[^\W\d_a-z])", re.IGNORECASE)


def names_on_line(text: str, *, spellings: Spellings) -> list[str]:
    """Return the names of people that a line is, and nothing else, with or without `By`; empty when it is anything else.

    A heading such as `Survey Methodology` is written like a name: of a name, the document uses no word as a common one.
    """
    plain = " ".join(_HONOURS.sub("", _MARKS.sub("", text)).split()).strip(" .")
    lead = _LEAD.match(plain)
    rest = plain[lead.end() :] if lead else plain
    names = authors_in(rest, of_catalogue=False)
    if names and all(_is_name(name, spellings, is_led=bool(lead)) for name in names):
        return names
    return []


def _is_name(name: str, spellings: Spellings, *, is_led: bool) -> bool:
    family, comma, given = name.partition(",")
    whole = f"{given.strip()} {family}" if comma else name
    if not is_whole_name(whole) or len(whole.split()) > 5:
        return False
    words = [word for word in re.findall(r"[^\W\d_]+", whole) if len(word) > 2]
    return bool(words) and (is_led or not any(map(spellings.is_common, words)))
