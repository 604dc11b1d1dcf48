"""What makes another version of a text, and what only another file of it: ten texts for each kind of difference."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable

import pytest
from made_publications import TERMS, Made, article, misread, publication, sentence

from nlp.works.text_differences import ComparedText, are_two_versions, wording_of
from nlp.zones import with_zones

Lines = list[str]
Change = Callable[[Lines, random.Random], Lines]
TEXTS = range(10)


def text_of(number: int) -> Made:
    return publication(40 + 12 * number, issue="", seed=number)


def are_versions(one: Lines, other: Lines, *, words: int = 330) -> bool:
    """Say whether the lines of two texts, on pages of 330 words and of so many words, are two versions."""
    first, second = (
        wording_of(with_zones(Made("", tuple(lines), "").pages(words=size)))
        for lines, size in ((one, 330), (other, words))
    )
    answer = are_two_versions(first, second)
    assert answer == are_two_versions(second, first)
    return answer


def lines_of(number: int) -> Lines:
    return ["Guide to the survey of street vendors in Ghana", *text_of(number).body, "Printed in Accra by the ministry"]


def inside(lines: Lines, chance: random.Random) -> int:
    """Return the number of a line that is neither of the first fifth nor of the last."""
    return chance.randrange(len(lines) // 5, len(lines) * 4 // 5)


def changed_at(change: Callable[[str, random.Random], str]) -> Change:
    def made(lines: Lines, chance: random.Random) -> Lines:
        at = inside(lines, chance)
        return [*lines[:at], change(lines[at], chance), *lines[at + 1 :]]

    return made


def added_at(addition: Callable[[random.Random], Lines]) -> Change:
    def made(lines: Lines, chance: random.Random) -> Lines:
        at = inside(lines, chance)
        return [*lines[:at], *addition(chance), *lines[at:]]

    return made


def middle_word(text: str, other: str) -> str:
    words = text.split()
    return " ".join([*words[: len(words) // 2], other, *words[len(words) // 2 + 1 :]])


def two_words_more(lines: Lines, chance: random.Random) -> Lines:
    """Add two words to each of three sentences that stand apart."""
    found = list(lines)
    for share in (0.3, 0.5, 0.7):
        at = int(len(lines) * share)
        words = found[at].split()
        found[at] = " ".join([*words[:5], *chance.sample(TERMS, 2), *words[5:]])
    return found


def other_number(lines: Lines, chance: random.Random) -> Lines:
    """Put another number for one that stands in the middle half."""
    middle = range(len(lines) // 4, len(lines) * 3 // 4)
    at = chance.choice([each for each in middle if re.search(r"in \d{3,} ", lines[each])])
    other = re.sub(r"in \d{3,} ", f"in {chance.randrange(10001, 20000)} ", lines[at])
    return [*lines[:at], other, *lines[at + 1 :]]


def eight_words(lines: Lines, chance: random.Random) -> Lines:
    """Put other words for one word in each of eight sentences: more changes than errors of reading."""
    found = list(lines)
    for number, term in enumerate(chance.sample(TERMS, 8)):
        at = len(lines) // 4 + number * len(lines) // 20
        found[at] = middle_word(found[at], term)
    return found


def entry(chance: random.Random) -> str:
    return f"Annulment of {chance.choice(('easements', 'usufruct', 'escrow'))} by tribunal or prefecture"


def listed(lines: Lines) -> Lines:
    """Return a text with a list in its middle that looks like a table of contents."""
    at = len(lines) // 2
    return [
        *lines[:at],
        "Contents",
        *(f"{each}. {lines[each].split('.')[0][:40]} . . . . {each}" for each in range(1, 9)),
        *lines[at:],
    ]


EDITIONS: dict[str, Change] = {
    "a sentence more": added_at(lambda chance: [sentence(random.Random(f"{chance.random()} new"))]),
    "an article more": added_at(lambda chance: article(1, chance.randrange(99))),
    "an entry of a list more": added_at(lambda chance: [entry(chance)]),
    "two words more in each of three sentences": two_words_more,
    "one number for another": other_number,
    "eight words for others": eight_words,
    "one word for another": changed_at(lambda text, chance: middle_word(text, "quorum")),
    "a name for another": changed_at(
        lambda text, chance: f"{text} The contract is with {chance.choice('QXZ')}iwi Gaming."
    ),
    "half a sentence more": changed_at(lambda text, chance: f"{text[:-1]} unless the council has granted a delay."),
    "a sentence less": lambda lines, chance: (at := inside(lines, chance)) and [*lines[:at], *lines[at + 1 :]],
    "a notice between two sections": added_at(
        lambda chance: ["We are changing how we register vendors from 11 November onwards", "Read what follows"]
    ),
}
"""By what differs inside a text: another version."""

NOTICE = "Downloaded from the repository of the university. Terms of use apply to this copy of the document."
COVER = [
    "Open Knowledge Commons", "University Library, Institutional Repository", "Guide to the survey of street vendors in Ghana",
    "This document is free to researchers across the globe thanks to the work of the library. Follow this and additional works.",
]  # fmt: skip


def cut_off(lines: Lines, chance: random.Random) -> Lines:
    return lines[: int(len(lines) * chance.uniform(0.6, 0.95))]


def broken(lines: Lines, chance: random.Random) -> Lines:
    """Break words at line ends, with and without a hyphen."""
    return [
        re.sub(r"(\w{4})(\w{4}s\b)", lambda found: f"{found[1]}{chance.choice(('-', ''))}\n{found[2]}", each)
        for each in lines
    ]


def joined(lines: Lines, chance: random.Random) -> Lines:
    """Lose the space between two words here and there."""
    return [each.replace(" ", "", 1) if chance.random() < 0.03 else each for each in lines]


def moved(lines: Lines, chance: random.Random) -> Lines:
    at = inside(lines, chance)
    return [*lines[:3], lines[at], *lines[3:at], *lines[at + 1 :]]


COPIES: dict[str, Change] = {
    "a notice at the top": lambda lines, chance: [NOTICE, *lines],
    "a notice at the bottom": lambda lines, chance: [*lines, NOTICE],
    "a cover with the title": lambda lines, chance: [*COVER, *lines],
    "an annex": lambda lines, chance: [*lines, *publication(15, seed=99).body],
    "cut off": cut_off,
    "broken words": broken,
    "joined words": joined,
    "a sentence in another place": moved,
    "half a percent of letters misread": lambda lines, chance: [
        misread(each, rate=0.005, chance=chance) for each in lines
    ],
    "two percent of letters misread": lambda lines, chance: [misread(each, rate=0.02, chance=chance) for each in lines],
    "links in Markdown": lambda lines, chance: [
        re.sub(r"wages", "[wages](https://a.example/w/2018)", each) for each in lines
    ],
    "addresses": lambda lines, chance: [re.sub(r"\.$", " https://a.example/2018/vendors.", each) for each in lines],
}
"""By what differs: another file of one text."""


@pytest.mark.parametrize("number", TEXTS)
@pytest.mark.parametrize("kind", EDITIONS)
def test_words_that_differ_inside_make_another_version_on_the_same_pages_or_others(kind: str, number: int) -> None:
    lines = lines_of(number)
    assert are_versions(lines, EDITIONS[kind](lines, random.Random(number)), words=210 if number % 2 else 330)


@pytest.mark.parametrize("number", TEXTS)
@pytest.mark.parametrize("kind", COPIES)
def test_what_a_file_does_to_a_text_makes_no_other_version(kind: str, number: int) -> None:
    lines = lines_of(number)
    assert not are_versions(lines, COPIES[kind](lines, random.Random(number)))


@pytest.mark.parametrize("number", TEXTS)
def test_an_entry_that_is_added_to_a_list_like_contents_makes_another_version(number: int) -> None:
    lines = listed(lines_of(number))
    at = lines.index("Contents") + 4
    assert are_versions(lines, [*lines[:at], entry(random.Random(number)), *lines[at:]])


@pytest.mark.parametrize("number", TEXTS)
def test_other_page_numbers_in_contents_make_no_other_version(number: int) -> None:
    lines = listed(lines_of(number))
    other = [re.sub(r"\. (\d+)$", lambda found: f". {int(found[1]) * 2 + 1}", each) for each in lines]
    assert other != lines
    assert not are_versions(lines, other)


@pytest.mark.parametrize("place", range(4, 14))
def test_a_short_text_is_compared_up_to_three_sentences_from_its_ends(place: int) -> None:
    lines = lines_of(0)[:17]
    assert are_versions(lines, [*lines[:place], "The council may waive the fee for the poor.", *lines[place:]])


@pytest.mark.parametrize("number", TEXTS)
def test_two_texts_that_end_in_other_ways_are_two_versions(number: int) -> None:
    """Where only one has more at its end, that is an annex."""
    lines = lines_of(number)[:-1]
    ends = [publication(8, seed=seed).body for seed in (77, 78)]
    one, other = ([*lines, *end, "Printed in Accra by the ministry of labour of the republic"] for end in ends)
    assert are_versions(one, other)


def test_a_book_of_a_hundred_thousand_words_is_compared_in_a_second() -> None:
    chance = random.Random(3)
    words = [f"w{each}" for each in chance.choices(range(9000), k=100_000)]
    first, second = (ComparedText(each, ()) for each in (words, [*words[:40_000], *words[40_003:]]))
    started = time.process_time()
    are_two_versions(first, second)
    assert time.process_time() - started < 1
