"""What a document is about, and what it only mentions: by sentences, for the length of the text."""

from __future__ import annotations

from itertools import permutations

import pytest

from corpus.types import Facet, Page, Tag
from nlp.pipeline.passages import TaggedText
from nlp.pipeline.tagger import open_tagger
from nlp.pipeline.weigh_concepts import sentences_about

FILLER = "The report describes the method, the sample and the questions that were asked in each town. "
SPOKEN_OF = {
    "street_vendors": ("Street vendors begin at dawn.", "The street vendors pay fees each day."),
    "waste_pickers": ("Waste pickers sort what others leave.", "Most waste pickers sell to dealers."),
    "domestic_workers": ("Domestic workers asked for a contract.", "Many domestic workers live with the family."),
    "home_based_workers": ("Home-based workers earn by the piece.", "The home-based workers met in June."),
}
ONCE = {
    "street_vendors": "A street vendor was asked too.",
    "small_scale_miners": "Artisanal miners work nearby.",
    "brick_kiln_workers": "There are brick kiln workers in the east.",
    "fishers": "Small-scale fishers live at the lake.",
}
CHILD_LABOUR = (
    "Child labour is found in many districts. ",
    "The law on child labour was amended in May. ",
    "Inspectors found child labour in the south. ",
    "A survey of child labour is planned. ",
)
OCCUPATIONS = (
    "Agriculture | Farming, herding livestock, and fishing",
    "Industry | Artisanal mining of gold, making bricks in brick kilns, and construction",
    "Services | Street vending, domestic work, waste picking, and portering",
)


@pytest.fixture(scope="module")
def groups_of():
    tagger = open_tagger()

    def groups_of(*pages: str, title: str = "") -> dict[str, Tag]:
        numbered = tuple(Page(number, text) for number, text in enumerate(pages, start=1))
        tags = tagger.tag(TaggedText(title=title, pages=numbered, lang="en"))
        return {tag.concept: tag for tag in tags if tag.facet is Facet.GROUP}

    return groups_of


@pytest.mark.parametrize("group", SPOKEN_OF)
@pytest.mark.parametrize("around", [0, 1, 3])
def test_a_short_text_is_about_whom_two_sentences_speak_of(groups_of, group, around):
    text = FILLER * around + " ".join(SPOKEN_OF[group]) + " " + FILLER * around
    assert [name for name, tag in groups_of(text).items() if tag.about] == [group]


@pytest.mark.parametrize(("main", "other"), list(permutations(SPOKEN_OF, 2))[:8])
def test_whom_one_sentence_of_a_short_text_speaks_of_is_a_mention_beside_the_main_matter(groups_of, main, other):
    tags = groups_of(FILLER + " ".join(SPOKEN_OF[main]) + " " + SPOKEN_OF[other][0])
    assert (tags[main].about, tags[other].about) == (True, False)


@pytest.mark.parametrize("group", SPOKEN_OF)
def test_a_title_needs_no_other_sentence_in_a_short_text(groups_of, group):
    assert groups_of(FILLER * 3, title=SPOKEN_OF[group][0])[group].about


@pytest.mark.parametrize("group", SPOKEN_OF)
def test_the_same_two_sentences_in_a_report_are_a_mention(groups_of, group):
    assert not groups_of(*[FILLER * 30] * 6, " ".join(SPOKEN_OF[group]))[group].about


@pytest.mark.parametrize("group", ONCE)
def test_a_heading_that_names_a_group_does_not_make_a_report_about_it(groups_of, group):
    heading = ONCE[group].rstrip(".")
    tags = groups_of(*[FILLER * 30] * 3, f"3. {heading}\n\n{FILLER * 5}")
    assert not any(tag.about for tag in tags.values())


@pytest.mark.parametrize("rows", [OCCUPATIONS, OCCUPATIONS[::-1], OCCUPATIONS * 2])
def test_a_report_on_child_labour_mentions_the_occupations_of_its_table(groups_of, rows):
    page = "".join(CHILD_LABOUR) + FILLER * 4
    tags = groups_of(page, page + "\n\nTable 1. Overview\n\n" + "\n\n".join(rows) + "\n\n" + page, page)
    assert [name for name, tag in tags.items() if tag.about] == ["child_labour"]
    assert {"street_vendors", "domestic_workers", "waste_pickers"} <= tags.keys()


def test_the_main_matter_of_a_longer_text_needs_more_sentences_but_not_in_proportion():
    lengths = (0, 100, 1_000, 10_000, 40_000, 100_000)
    needed = [sentences_about(words) for words in lengths]
    assert needed == sorted(needed)
    assert needed[:3] == [2, 2, 3]
    assert needed[-1] < 40


@pytest.mark.parametrize("group", SPOKEN_OF)
def test_whom_a_short_text_names_in_its_beginning_needs_no_other_sentence(groups_of, group):
    assert groups_of(SPOKEN_OF[group][0] + " " + FILLER * 6)[group].about
    assert not groups_of(FILLER * 6 + SPOKEN_OF[group][0])[group].about


@pytest.mark.parametrize(("first", "second"), list(permutations(SPOKEN_OF, 2))[:4])
def test_of_two_that_a_short_text_names_in_its_beginning_the_first_is_its_matter(groups_of, first, second):
    tags = groups_of(f"{SPOKEN_OF[first][0]} {SPOKEN_OF[second][0]} {FILLER * 4}")
    assert (tags[first].about, tags[second].about) == (True, False)
