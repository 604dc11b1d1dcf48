"""What the text of one search may cost: pasted texts work, what nobody types is cut with a note or refused in words."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import BadQuery
from corpus.vocabulary import load_vocabulary
from search_api.answers import snippets
from search_api.answers.marks import Marker, marker_of
from search_api.api.marked_text import html_of
from search_api.query.budget import NOTES_MAX, WORDS_MAX
from search_api.query.parse import ParsedText, parse
from search_api.query.tree import And, Fuzzy, Most, Phrase, Prefix, Words, leaves

VOCABULARY = load_vocabulary()
LETTERS = "abcdefghijklmnopqrst"
WORDS = [f"{a}{b}q{c}" for a in LETTERS for b in LETTERS for c in "xyz"]


def snippet(text: str, marker: Marker, *, lang: str) -> str:
    return html_of(snippets.snippet(text, marker, lang=lang))


def read(text: str) -> ParsedText:
    return parse(text, vocabulary=VOCABULARY)


def refused(text: str) -> BadQuery:
    with pytest.raises(BadQuery) as error:
        read(text)
    assert error.value.try_next
    return error.value


@pytest.mark.parametrize("words", [150, 250])
def test_a_pasted_abstract_is_searched_for_whole(words: int) -> None:
    parsed = read(" ".join(WORDS[:words]))
    assert len(list(leaves(parsed.tree))) == words
    assert parsed.notes == ()


def test_a_pasted_abstract_with_footnote_marks_and_quotes_works() -> None:
    text = " ".join(WORDS[:200]) + '* and others*, "the informal economy", "decent work"'
    assert read(text).ranks_by_all_words


@pytest.mark.parametrize("joint", [" ", ",", "-", "/", ", ", " OR ", " AND "])
def test_a_longer_text_is_cut_and_says_so(joint: str) -> None:
    parsed = read(joint.join(WORDS[: WORDS_MAX + 40]))
    assert sum(len(leaf.text.split()) for leaf in leaves(parsed.tree) if isinstance(leaf, Words)) == WORDS_MAX
    assert any(f"first {WORDS_MAX} words" in note for note in parsed.notes)


def test_one_word_said_a_thousand_times_is_one_word() -> None:
    (leaf,) = leaves(read("a," * 1000).tree)
    assert isinstance(leaf, Words)
    assert leaf.text == "a"


def test_words_joined_by_signs_are_ranked_and_a_few_of_them_must_be_there() -> None:
    assert isinstance(read(",".join(WORDS[:40])).tree, Most)
    assert read("ice-cold").tree == Words("ice-cold")


def test_a_phrase_of_a_whole_page_is_cut_and_says_so() -> None:
    parsed = read(f'"{" ".join(WORDS[: WORDS_MAX + 40])}"')
    assert isinstance(parsed.tree, Phrase)
    assert len(parsed.tree.text.split()) == WORDS_MAX
    assert parsed.notes


@pytest.mark.parametrize(
    ("piece", "most", "kind"),
    [
        ("{}*", 20, Prefix),
        ("{}abcdefg~2", 6, Fuzzy),
        ('"{} street"', 100, Phrase),
        ('"{} street"~3', 10, Phrase),
        ('"street {}"*', 5, Phrase),
        ("author:{}*", 20, Prefix),
        ("{}-vend*", 5, Phrase),
    ],
)
@pytest.mark.parametrize("joint", [" ", " OR ", " -"])
def test_what_is_dear_is_counted_and_more_than_anybody_types_is_refused(
    piece: str, most: int, kind: type, joint: str
) -> None:
    allowed = read(joint.join(piece.format(word) for word in WORDS[:most]))
    both = [*leaves(allowed.tree), *leaves(allowed.tree, negative=True)]
    assert sum(isinstance(leaf, kind) for leaf in both) == most
    error = refused(joint.join(piece.format(word) for word in WORDS[: most + 1]))
    assert "too much at once" in error.message
    assert f"more than {most} " in error.message
    assert "Plain words can stay" in error.try_next


def test_dear_parts_of_several_kinds_are_counted_together() -> None:
    error = refused(" ".join(f"{word}*" for word in WORDS[:15]) + " " + " ".join(f"{word}abcd~" for word in WORDS[:3]))
    assert "at least 15 words with a star and 2 near spellings" in error.message


def test_a_word_that_is_said_again_in_a_loose_phrase_counts_once() -> None:
    parsed = read('"' + "the of and " * 12 + '"~50')
    assert parsed.tree == Phrase("the of and", slop=50)
    assert any("counts once" in note for note in parsed.notes)


def test_a_loose_phrase_has_few_words() -> None:
    assert "10 different words" in refused(f'"{" ".join(WORDS[:11])}"~5').message
    assert read(f'"{" ".join(WORDS[:11])}"').tree == Phrase(" ".join(WORDS[:11]))


@pytest.mark.parametrize(
    "text",
    [
        "country:" + ",".join(WORDS[:101]),
        " ".join(f"group:{word}" for word in WORDS[:101]),
        "year:" + ",".join(str(1900 + number) for number in range(101)),
        "doi:" + ",".join(WORDS[:101]),
    ],
)
def test_values_of_named_filters_are_counted(text: str) -> None:
    assert "more than 100 values" in refused(text).message


def test_remarks_on_a_text_are_few() -> None:
    assert len(read(" ".join(f"country:{word}" for word in WORDS[:90])).notes) == NOTES_MAX


@pytest.mark.parametrize(
    "text",
    ["year:1..99999999999999999999999", "year:{²TO 9²}", "year:[" + "9" * 1900 + " TO *]", "a^" + "9" * 400, '"a b"~' + "9" * 300,
     "abcdefgh~" + "9" * 300, "a^nan b^inf c^-1", "year:\u0661\u0669\u0669\u0669", "year:0000"],
)  # fmt: skip
def test_numbers_of_any_size_are_read(text: str) -> None:
    assert read(text).tree


@pytest.mark.parametrize(
    "text",
    ["x" * 100_000, "x:" * 50_000, "(" * 100_000, '"' * 100_000, "a^2" * 30_000, "~" * 100_000, "* " * 50_000, "NOT " * 25_000,
     "-" * 100_000, "[" * 100_000, "a,b" * 33_000, "\u0301" * 100_000, "country:" + "x" * 99_000, "country:" + "x," * 49_000],
)  # fmt: skip
def test_the_longest_text_that_can_be_allowed_is_read_in_no_time(text: str) -> None:
    began = time.process_time()
    with suppress(BadQuery):
        read(text)
    assert time.process_time() - began < 1.5


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=' ab"()+-~*^:.[]{}|&!/\\ANDORT,\n', max_size=300))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with suppress(BadQuery):
        tree = read(text).tree
        assert len(list(leaves(tree))) + len(list(leaves(tree, negative=True))) <= 2 * (WORDS_MAX + 100)


def test_a_page_of_any_size_gives_its_snippet_in_no_time() -> None:
    tree = And((*(Prefix(word[:2]) for word in WORDS[:20]), *(Fuzzy(f"{word}abcd") for word in WORDS[:6])))
    text = " ".join(WORDS) * 2000
    began = time.process_time()
    assert "<mark>" in snippet(text, marker_of(tree), lang="en")
    assert time.process_time() - began < 1.5
