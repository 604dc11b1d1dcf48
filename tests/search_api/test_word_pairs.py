"""Forms of words on pairs that a person labelled: other words stay apart, one word is one."""

from __future__ import annotations

import pytest

from corpus.lemmas import word_form
from corpus.types import LANGUAGES
from search_api.analysis import query_words, stems
from tests.search_api.stemming import measure, pairs_of, wrong

OVER_MAX = {"work": 0.03, "untouched": 0.0264}
UNDER_MAX = {"work": 0.035, "untouched": 0.0923}
PAIRS_MIN = 400
"""For each language: the same and not the same together."""
STEM_OF_ANOTHER_WORD_MAX = 0.03
"""Share of the pairs of other words of the working half that one word's stem joins."""
WORST = 10


def form(lang: str, word: str) -> str:
    return word_form(word, lang=lang)


@pytest.mark.parametrize("half", ["work", "untouched"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_inflections_share_a_form_and_other_words_do_not(lang: str, half: str) -> None:
    pairs = pairs_of(lang, half=half)
    found = measure(pairs, lambda word: form(lang, word))
    print(f"{lang} {half}: {found}")
    if half == "work":  # the untouched half is never looked at word by word
        worst = list(wrong(pairs, lambda word: form(lang, word)))[:WORST]
        print("\n".join(f"  {pair.one} / {pair.other}: {pair.label}" for pair in worst))
    assert found.over <= OVER_MAX[half]
    assert found.under <= UNDER_MAX[half]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_are_enough_pairs(lang: str) -> None:
    labels = [pair.label for half in ("work", "untouched") for pair in pairs_of(lang, half=half)]
    assert labels.count("same") + labels.count("not") >= PAIRS_MIN
    assert min(labels.count("same"), labels.count("not")) >= PAIRS_MIN // 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_word_is_in_both_halves(lang: str) -> None:
    work, untouched = (
        {word for pair in pairs_of(lang, half=half) for word in (pair.one, pair.other)}
        for half in ("work", "untouched")
    )
    assert not work & untouched


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_stem_adds_nothing_for_what_was_reviewed_as_another_word(lang: str) -> None:
    pairs = [pair for pair in pairs_of(lang, half="work") if pair.label == "not"]
    joined = [pair for pair in pairs if set(query_words(pair.one)[0].stems) & set(stems(pair.other, lang))]
    print(f"{lang}: {len(joined)} of {len(pairs)}: {[(pair.one, pair.other) for pair in joined[:WORST]]}")
    assert len(joined) <= STEM_OF_ANOTHER_WORD_MAX * len(pairs)


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        ("en", "informal", "information"),
        ("en", "informally", "informant"),
        ("en", "experiment", "experience"),
        ("en", "collective", "collections"),
        ("es", "generar", "género"),
        ("es", "políticos", "políticas"),
        ("fr", "environ", "environnement"),
        ("fr", "collectives", "collecte"),
        ("pt", "informais", "informação"),
        ("pt", "casos", "casas"),
    ],
)
def test_reviewed_words_have_stems_of_their_own_in_each_direction(lang: str, one: str, other: str) -> None:
    assert not set(query_words(one)[0].stems) & set(stems(other, lang))
    assert not set(query_words(other)[0].stems) & set(stems(one, lang))


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        ("en", "informal", "informality"),
        ("en", "organization", "organizational"),
        ("en", "formal", "formalize"),
        ("es", "formalización", "formalizar"),
        ("fr", "collecter", "collecte"),
        ("pt", "importante", "importância"),
    ],
)
def test_what_nobody_reviewed_as_another_word_still_adds_score(lang: str, one: str, other: str) -> None:
    assert set(query_words(one)[0].stems) & set(stems(other, lang))
