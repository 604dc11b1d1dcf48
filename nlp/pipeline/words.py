"""What makes words of one term look alike: lemma, accents, inclusive writing, hyphens; and where tokens end."""

from __future__ import annotations

import re
from collections.abc import Mapping

from corpus.lemmas import dictionary_lemma
from corpus.types import LANGUAGES
from corpus.vocabulary.spelling import HYPHENS, SOFT_HYPHEN, without_accents

OTHER = "xx"
"""Stands for every language but the four: words are folded, not lemmatised."""

LONGEST_ACRONYM = 4
"""Words in capitals up to this many letters are not lemmatised: OIT is not a form of the verb ouïr."""

_OTHER_HYPHENS = HYPHENS.replace("-", "")
_OTHER_HYPHEN = re.compile(rf"(?<=\w)[{_OTHER_HYPHENS}](?=\w)")
_LETTER = r"[^\W\d_]"
PREFIXES = re.compile(r"^[\[({<\"'“”‘’«»¿¡†‡*•–—…,.;:\-]")
SUFFIXES = re.compile(
    # A closing bracket stays with an inclusive ending: catador(a), trabalhador(es).
    rf"(?:[\]}}>\"'“”‘’«»†‡*•–—…,.;:!?%]|-|(?<!\({_LETTER})(?<!\({_LETTER}{{2}})(?<!\({_LETTER}{{3}})(?<!\({_LETTER}{{4}})\))$"
)
_INCLUSIVE_ENDINGS = "e|es|se|ses|euse|euses|eur|eurs|rice|rices|trice|trices|ère|ères|ne|nes|le|les|a|as|o|os"
INFIXES = re.compile(
    rf"(?<={_LETTER})[-—](?={_LETTER})(?!(?:{_INCLUSIVE_ENDINGS})(?:-s)?\b|s\b)"
    rf"|(?<={_LETTER})['’](?={_LETTER})"
    rf"|(?<={_LETTER})/(?={_LETTER}{{4}})"
    rf"|(?<={_LETTER})[,;:)(](?={_LETTER}{{4}})"
    rf"|(?<=[a-zà-ÿ])\.(?=[A-Z])"
    rf"|[—…]"
)
_INCLUSIVE = re.compile(
    rf"^({_LETTER}{{3,}}?)"
    rf"(?:[·•‧∙⋅]{_LETTER}{{1,6}}(?:[·•‧∙⋅]{_LETTER}{{1,2}})?"  # vendeuse·eur·s
    rf"|[.\-](?:{_INCLUSIVE_ENDINGS})(?:[.\-]s)?"  # employé.e.s, vendeur-euse-s
    rf"|\({_LETTER}{{1,4}}\){_LETTER}{{0,2}}"  # catador(a)s
    rf"|/-?{_LETTER}{{1,4}})$"  # recicladores/as
)
_INCLUSIVE_X = re.compile(rf"^({_LETTER}{{3,}}?)[x@](s?)$")  # recicladorxs, trabajador@s

_NOUNS: Mapping[str, Mapping[str, str]] = {
    "es": {"género": "genero", "genero": "genero", "géneros": "genero", "basural": "basural", "basurales": "basural"},
    "pt": {"lixão": "lixao", "lixões": "lixao"},
}
"""Nouns that the lemmatiser takes for a form of another word: without this, every `generar` would be about gender, and all rubbish
a dump."""

_GENDERS = {
    # simplemma leaves many feminines of trades as they are; both genders must meet in one form.
    "fr": (("euse", "eur"), ("trice", "teur"), ("iere", "ier"), ("ienne", "ien")),
    "es": (("dora", "dor"), ("tora", "tor")),
    "pt": (("dora", "dor"), ("tora", "tor")),
}


def norm(word: str, *, lang: str) -> str:
    """Return the form in which two spellings, numbers, genders of one word are equal."""
    lower = word.lower().replace("’", "'").replace(SOFT_HYPHEN, "")
    if not lower[:1].isalpha():
        return lower
    lower = _without_inclusive_ending(lower, lang=lang)
    if lang not in LANGUAGES or (word.isupper() and len(word) <= LONGEST_ACRONYM):
        return without_accents(lower)
    if noun := _NOUNS.get(lang, {}).get(lower):
        return noun
    lemma = dictionary_lemma(lower, lang=lang)
    folded = without_accents(lemma.lower())
    if lemma == lower and len(folded) > 4 and folded.endswith("s") and not folded.endswith("ss"):
        folded = folded[:-1]  # a plural that the lemmatiser does not know
    for feminine, masculine in _GENDERS.get(lang, ()):
        if folded.endswith(feminine):
            return folded.removesuffix(feminine) + masculine
    return folded


def as_tokenized(text: str) -> str:
    """Return the text as it is tokenised: one line, and the plain hyphen for every kind of it within words.

    Each character stays where it is.
    """
    return _OTHER_HYPHEN.sub("-", text.replace("\n", " "))


def _without_inclusive_ending(lower: str, *, lang: str) -> str:
    if found := _INCLUSIVE.match(lower):
        return found[1]
    if lang in ("es", "pt") and (found := _INCLUSIVE_X.match(lower)):
        stem, plural = found.groups()
        ending = ("es" if plural else "") if stem.endswith("r") else f"o{plural}"
        return stem + ending
    return lower
