"""Compounds: which words keep a hyphen that is at the end of a line, where their document does not say it otherwise."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FIRST_PARTS = _words(
    "self non well socio piece decision twenty thirty forty fifty sixty seventy eighty ninety double "  # en
    "sous vice quasi franco demi celui celle ceux après "  # fr
    "teórico físico político técnico histórico "  # es
    "econômico recém pós pré pró além aquém luso afro"  # pt
)
"""Whatever comes after them."""
_FIRST_PARTS_BEFORE_WORDS = _words(
    "home own low high long short part full middle ex mid half cross follow policy labour labor evidence gender market "
    "income capacity cost employer worker rights results risk child street community donor female male women youth family "
    "wage job skill small large upper lower medium multi inter anti micro macro post co pre re sub under over intra "
    "two three four five six seven eight nine ten first second third zero single south north east west far best better "
    "face shoe rag by know check country city nation peer public private value water land energy knowledge technology "
    "time day year "  # en
    "mi au peut est grand plus contre porte garde lave savoir avant arrière chef moto auto nord sud ouest moyen dix vingt "
    "trente quarante cinquante soixante quatre rendez semi para "  # fr
    "hispano latino mal bem médio médios média guarda meio quebra decreto mão mãos sul norte económico"  # es, pt
)
"""Where what comes after them is a word that the document has on its own: `cross-section`, and not `follow-ing`."""
_FIRST_PARTS_BEFORE_LONG = _words(
    "full home low high long short half large upper lower medium middle best cross child street community gender market income "
    "donor female male women youth family wage worker rights results evidence policy labour labor skill capacity employer water "
    "energy knowledge technology country private value"
)
"""Where what comes after them is too long for an ending, and not one of these."""
_ONE_WORD_WITH = _words(
    "holder holders lands roads lights lighted lighting owner owners coming comings birth place places ability iously itude "
    "itudinal melon light bearing"
)
_LETTERS_OF_NO_ENDING = 5
_SECOND_PARTS = _words(
    "based term income related level owned driven oriented free friendly wide specific intensive earning earner earners years "
    "needed quality skilled paid making maker makers sharing building setting taking reaching lasting headed account economic "
    "employed financed supported assisted developed educated informed defined known dependent efficient sensitive responsive "
    "relevant prone density picker pickers vendor vendors worker workers shiner shiners loader loaders trafficking "  # en
    "même mêmes là "  # fr
    "lhe lhes feira chegada chegado chegados chegadas sucedido sucedida"  # pt
)
_JOINED_PREFIXES = _words("un re under over inter out dis mis de cor en up in co ir im il sub pre off be ab ac")
"""Before such a second part they are no word of their own: `un-skilled` is one word broken."""
_VERBS_BEFORE_PRONOUNS = re.compile("[áâêéíôó]$", re.IGNORECASE)
_PRONOUNS = _words("lo la los las")
"""Portuguese: torná-lo. Spanish has `artícu-los`, which is one word broken."""
_COMPOUNDS = _words(
    "part-time full-time real-time life-time full-timer piece-rate piece-rates flat-rate well-being old-age ill-treatment "
    "porte-monnaie porte-parole guarda-roupa guarda-chuva guarda-sol lave-vaisselle peut-être au-delà au-dessus au-dessous "
    "est-ce est-il est-elle plus-value mi-temps mi-parcours rendez-vous savoir-faire grand-mère grand-père tout-à-fait "
    "follow-up build-up set-up start-up scale-up take-up lock-in live-in live-out built-in buy-in drop-out trade-off lay-off "
    "so-called in-depth in-kind in-house in-country on-site on-going off-farm on-farm co-operation co-operative "
    "co-operatives co-operate co-ordinate co-ordination co-ordinated pre-primary pre-school post-harvest pro-poor "
    "sub-saharan sub-sector micro-enterprise micro-enterprises micro-finance micro-credit old-age working-age under-age "
    "brick-kiln ready-made ride-hailing tuk-tuk on-demand by-law main-d mão-de mãos-de vira-lata boda-boda viene-viene"
)
_LINKS = _words("de da do das dos du des d la le à a al the of and in to et y e en ao aux")
"""Between the parts of compounds such as mão-de-obra, state-of-the-art."""
_ELISIONS = re.compile("[’']")
_BROKEN_AT_APOSTROPHE = _words("aujour")
_ADDRESS = re.compile(r"://|www\.|[/_@#=?&]|\w-\w+-\w+-$")
_LETTERS_OF_A_WORD = 3
_LINES_MIN = 60
"""Of this many lines one can say whether a document breaks words at line ends."""
_BREAKS_SHARE_MAX = 0.03
"""Documents that never break words have a hyphen at the end of 1 % of their lines; those that do, of 10 %."""


def is_in_address(before: str) -> bool:
    """Say whether what clings to a word is the start of a web address, whose hyphens are its own."""
    return bool(_ADDRESS.search(before))


def is_of_compound(first: str, second: str, *, before: str = "", after: str = "", second_is_word: bool = False) -> bool:
    """Say whether the parts on both sides of a line end are of a compound, going by the words alone.

    Args:
        before: what clings to the first part, such as `mão-de-`.
        after: what clings to the second.
        second_is_word: whether the document has the second part as a word on its own.
    """
    one, two = first.lower(), second.lower()
    if len(first) == 1 or not second[0].islower() or first.isupper():  # e-waste, Anglo-Saxon, ILO-led
        return True
    if _ELISIONS.match(after) and len(second) <= 2:  # main-d’œuvre
        return one not in _BROKEN_AT_APOSTROPHE
    if (after.startswith("-") and two in _LINKS) or (before.endswith("-") and one in _LINKS):  # mão-de-obra
        return True
    if f"{one}-{two}" in _COMPOUNDS or one in _FIRST_PARTS:
        return True
    if two in _SECOND_PARTS:
        return one not in _JOINED_PREFIXES
    if len(one) >= _LETTERS_OF_A_WORD and two.startswith(one):  # Indonesian: undang-undang, mudah-mudahan
        return True
    if two in _PRONOUNS:
        return bool(_VERBS_BEFORE_PRONOUNS.search(first))
    if one in _FIRST_PARTS_BEFORE_LONG and len(second) >= _LETTERS_OF_NO_ENDING:
        return two not in _ONE_WORD_WITH
    return second_is_word and len(second) >= _LETTERS_OF_A_WORD and one in _FIRST_PARTS_BEFORE_WORDS


def breaks_no_words(breaks: int, *, lines: int) -> bool:
    """Say whether a document with so many hyphens at the ends of this many lines breaks no words: all are compounds."""
    return lines >= _LINES_MIN and breaks < _BREAKS_SHARE_MAX * lines
