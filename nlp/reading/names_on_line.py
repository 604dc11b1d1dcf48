"""Whether a line is the names of people, and whose."""

from __future__ import annotations

import re
import unicodedata

from corpus.metadata.authors import authors_in, is_whole_name
from corpus.metadata.organisations import is_office
from nlp.reading.never_titles import is_never_title
from nlp.spellings import Spellings

_ROLE = (
    r"(?:(?:lead|principal|contributing|corresponding) )?(?:authors?|autor(?:es|as?)?(?:/as)?|auteur(?:e|s|es)?)(?:\(e?s\))?"
    r"|editors?|editores|[ée]diteurs?|elabora[cç][aã]o|elaboraci[oó]n|pesquisa(?:/texto)?|texto|redacci[oó]n|r[ée]daction"
)
_MADE = (
    r"written|edited|prepared|compiled|authored|elaborado|escrito|preparado|editado|coordinado"
    r"|[ée]labor[ée]e?|r[ée]dig[ée]e?|pr[ée]par[ée]e?"
)
_LEAD = re.compile(rf"(?:(?:{_MADE})(?:\(a\))? )?(?:by|por|par)\b ?:? ?|(?:{_ROLE}) ?: ?", re.IGNORECASE)
_LEAD_ALONE = re.compile(rf"(?:{_ROLE}) ?:?", re.IGNORECASE)
_MARKS = re.compile(r"(?<=[^\W\d_]) ?(?:\d{1,2}(?:,\d{1,2}){0,3}|[*†‡§¶‖¹²³⁴⁵∗]+)(?![\w/])|[*†‡§¶‖¹²³⁴⁵∗]")
"""Raised signs and numbers behind a name, of footnotes."""
_COMBINING = {"´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "˜": "\u0303", "¨": "\u0308"}
_SPACING_ACCENT = re.compile(r"([´`ˆ˜¨])([aeiounAEIOUN])")
_OTHER = re.compile(
    r"^(?i:the|les|los|las) |[^\w\s.’'-]|-[ a-zà-ÿ]"
    r"|\b(?i:recommended|citation|suggested|volume|box|session|annex|annual|series|press)\b"
)
"""In no name: other signs than those of names, and words of headings."""
_HONOURS = re.compile(r"\b(?i:dr|prof|mr|mrs|ms|sr|sra|dra|lic|ing|msc|m\. ?sc|mme|m)\.(?= ?[^\W\d_a-z])")


def is_by_line(text: str) -> bool:
    """Say whether a line begins with words that authors follow (`By`, `Autores:`)."""
    plain = text.strip()
    return bool(_LEAD.match(plain) or _LEAD_ALONE.fullmatch(plain))


def names_on_line(text: str, *, spellings: Spellings, may_be_common: bool = False) -> list[str]:
    """Return the names of people that a line is, and nothing else, with or without `By`; empty when it is anything else.

    A heading such as `Survey Methodology` is written like a name: of a name, the document uses no word as a common one.

    Args:
        may_be_common: also a word of it may be one (`Will Jianyu Lu`): what stands around it says that it is a name.
    """
    cells = re.split(r" {2,}|\t", _MARKS.sub("", text.strip()))
    found: list[str] = []
    for cell in cells:
        plain = " ".join(_HONOURS.sub("", composed(cell)).split()).strip(" .,;")
        lead = _LEAD.match(plain)
        rest = plain[lead.end() :] if lead else plain
        names = authors_in(rest, of_catalogue=False)
        is_initialled = len(names) == 1 and sum(len(word) > 2 for word in re.findall(r"[^\W\d_]+", rest)) < 2
        if is_never_title(plain) or (is_initialled and not lead):
            return []  # `Nota técnica`, `A.I. Identification`
        if not names or not all(_is_name(name, spellings, is_led=bool(lead) or may_be_common) for name in names):
            return []
        found += [_in_small_letters(name) for name in names]
    return found


def composed(text: str) -> str:
    """Return text with the accents that TeX sets before their letters in their place (`M´arcio`: `Márcio`)."""
    return _SPACING_ACCENT.sub(lambda found: unicodedata.normalize("NFC", found[2] + _COMBINING[found[1]]), text)


def _is_name(name: str, spellings: Spellings, *, is_led: bool) -> bool:
    family, comma, given = name.partition(",")
    whole = f"{given.strip()} {family}" if comma else name
    if not is_whole_name(whole) or len(whole.split()) > 5 or is_office(whole) or _OTHER.search(whole):
        return False
    words = [word for word in re.findall(r"[^\W\d_]+", whole) if len(word) > 2]
    if is_led:
        return bool(words)
    # Where the document has little text, it does not tell names from headings.
    return bool(words) and spellings.is_telling and not any(map(spellings.is_common, words))


def _in_small_letters(name: str) -> str:
    """Return a name whose words are in capitals as a person writes it (`Tuna KEMALI`); initials stay."""

    def lowered(word: re.Match[str]) -> str:
        return word[0].capitalize() if word[0].isupper() and len(word[0]) > 2 else word[0]

    return re.sub(r"[^\W\d_]+", lowered, name)
