"""Words that say nothing on their own, by language: no index holds them and no search asks for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from corpus.vocabulary.spelling import without_accents

SNOWBALL: Mapping[str, str] = {"en": "english", "es": "spanish", "fr": "french", "pt": "portuguese"}
"""Names of the languages in Snowball and tantivy."""

_MORE = {
    "en": """
        i me my myself we us our ours ourselves you your yours yourself he him his himself she her hers herself its itself
        them theirs themselves what which who whom whose when where why how those am were been being have has had having do
        does did doing done can could may might must shall should would cannot nor else than because while until unless
        although though whether so without about against between among onto through during before after above below from up
        upon down out off over under again further once here all any both each more most other others another some only same
        too very also just even ever per via within toward towards since yet however thus therefore hence whereas s
    """,
    "es": """
        ser siendo sido puede pueden podría podrían poder cómo cuál cuáles cuánto cuánta cuántos cuántas quién quiénes dónde
        cuándo así además cada si sino hace hacen hacer hay haber debe deben deber alguna algunas algún también mismo misma
        mismos mismas según sólo solo aún aunque mientras pues entonces luego aquí allí mediante través
    """,
    "fr": """
        est suis sommes sont être été a comme ainsi aussi plus moins très tout toute tous toutes autre autres entre dont où
        quel quelle quels quelles quoi comment combien pourquoi quand lequel laquelle lesquels lesquelles fait faire font
        peut peuvent pouvoir doit doivent devoir afin donc également lors lorsque depuis pendant parmi selon plusieurs
        chaque certains certaines si non ni car or ou cela ceci celui celle ceux celles là ici
    """,
    "pt": """
        é ser sendo sido pode podem poderia poder quê quais quanto quantos quanta quantas onde porque porquê sobre todo toda
        todos todas outro outra outros outras apenas assim bem então cada deve devem dever ter fazer faz fazem ainda já muita
        muitas muitos durante através
    """,
}
"""tantivy's English list is Lucene's, of 33 words; its other three are Snowball's, which leave out what may also be another
word (est, the East) and most question words and auxiliaries."""

_INCLUSIVE = re.compile(r"[a-z]{1,6}xs?")


@cache
def _more(lang: str) -> frozenset[str]:
    words = _MORE[lang].split()
    return frozenset({*words, *map(without_accents, words)})


@lru_cache(maxsize=100_000)
def is_stop_word(word: str, lang: str) -> bool:
    """Tell whether a word in small letters says nothing on its own in a language; never in one other than the four."""
    if lang not in SNOWBALL:
        return False
    if lang in ("es", "pt") and _INCLUSIVE.fullmatch(word):
        word = word.replace("x", "o")  # lxs, unxs
    return word in _more(lang) or not _stop_filter(lang).analyze(word)


@cache
def _stop_filter(lang: str) -> TextAnalyzer:
    return TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.stopword(SNOWBALL[lang])).build()
