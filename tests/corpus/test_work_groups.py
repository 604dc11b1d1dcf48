"""Which documents stand together follows from relations and decisions, whatever order they come in."""

from __future__ import annotations

import random

import pytest
from builders import A_DAY
from hypothesis import given
from hypothesis import strategies as st

from corpus.work_groups import Marks, effective_relations, folded_groups, work_groups
from corpus.works import Decision, DecisionKind, Relation, RelationEvidence, RelationEvidenceKind, RelationKind, pair_of

COPY, TRANSLATION, EDITION, EXTRACT = (
    RelationKind.COPY,
    RelationKind.TRANSLATION,
    RelationKind.EDITION,
    RelationKind.EXTRACT,
)


def relation(first: str, second: str, kind: RelationKind = COPY, confidence: float = 0.9) -> Relation:
    ids = (first, second) if kind is EXTRACT else pair_of(first, second)
    return Relation(*ids, kind, (RelationEvidence.of(RelationEvidenceKind.SAME_TITLE),), confidence)


def join(first: str, second: str, kind: RelationKind = COPY, number: int = 1) -> Decision:
    return Decision(DecisionKind.JOIN, first, second, kind, "Ana", "", A_DAY, number)


def split(first: str, second: str, number: int = 1) -> Decision:
    return Decision(DecisionKind.SPLIT, first, second, None, "Ana", "", A_DAY, number)


def copies(relations, decisions=(), marks=None, documents="abcdef"):
    found = folded_groups(documents, relations, decisions, marks=marks or {})
    return {document: group for document, (_, group) in found.items() if group}


def folds(relations, decisions=(), marks=None, documents="abcdef"):
    found = folded_groups(documents, relations, decisions, marks=marks or {})
    return {document: group for document, (group, _) in found.items() if group}


def test_copies_of_copies_stand_together_under_the_smallest_id():
    assert copies([relation("c", "b"), relation("c", "e")]) == dict.fromkeys("bce", "cb")


def test_a_document_without_relations_is_in_no_group():
    assert copies([]) == {}
    assert work_groups("ab", []) == {"a": "a", "b": "b"}


def test_translations_are_folded_and_are_no_copies():
    relations = [relation("a", "b"), relation("b", "c", TRANSLATION)]
    assert copies(relations) == dict.fromkeys("ab", "ca")
    assert folds(relations) == dict.fromkeys("abc", "fa")


def test_editions_and_extracts_are_one_work_and_never_folded():
    relations = [relation("a", "b", EDITION), relation("c", "b", EXTRACT)]
    assert folds(relations) == {}
    assert work_groups("abcd", relations) == {"a": "wa", "b": "wa", "c": "wa", "d": "d"}


def test_of_a_chain_between_two_editions_the_surer_relation_is_kept():
    chain = [relation("a", "b", confidence=0.8), relation("b", "c", confidence=0.95), relation("a", "c", EDITION)]
    for relations in (chain, chain[::-1]):
        assert copies(relations) == dict.fromkeys("bc", "cb")


def test_of_a_chain_of_equal_confidence_the_smaller_ids_are_kept():
    chain = [relation("b", "c"), relation("a", "b"), relation("a", "c", EDITION)]
    assert copies(chain) == dict.fromkeys("ab", "ca")


def test_a_chain_over_a_document_without_a_year_does_not_join_two_years():
    marks = {"a": Marks("en", published="2018"), "b": Marks("en"), "c": Marks("en", published="2019")}
    assert copies([relation("a", "b"), relation("b", "c")], marks=marks) == dict.fromkeys("ab", "ca")


def test_a_relation_between_two_documents_counts_more_than_their_years():
    marks = {"a": Marks("en", published="2018"), "b": Marks("en", published="2019")}
    assert copies([relation("a", "b")], marks=marks) == dict.fromkeys("ab", "ca")


def test_editions_are_not_folded_by_way_of_one_translation():
    relations = [
        relation("a", "b", EDITION),
        relation("a", "c", TRANSLATION, confidence=0.7),
        relation("b", "c", TRANSLATION, confidence=0.9),
    ]
    assert folds(relations) == dict.fromkeys("bc", "fb")


def test_a_split_pair_is_not_folded_even_over_a_third():
    relations = [relation("a", "b", confidence=0.8), relation("b", "c"), relation("a", "c", confidence=1.0)]
    assert copies(relations, [split("c", "a")]) == dict.fromkeys("bc", "cb")


def test_a_joined_pair_is_folded_though_its_years_differ_and_its_texts_were_found_to_be_editions():
    marks = {"a": Marks("en", published="2018"), "b": Marks("en", published="2019")}
    assert copies([relation("a", "b", EDITION)], [join("b", "a")], marks=marks) == dict.fromkeys("ab", "ca")


def test_of_two_decisions_on_one_pair_the_later_counts():
    assert copies([], [join("a", "b", number=1), split("a", "b", number=2)]) == {}
    assert copies([], [split("a", "b", number=1), join("a", "b", number=2)]) == dict.fromkeys("ab", "ca")


def test_a_split_takes_away_copies_and_leaves_editions():
    relations = [relation("a", "b"), relation("a", "c", EDITION)]
    decisions = [split("a", "b"), split("a", "c", number=2)]
    assert [each.pair for each in effective_relations(relations, decisions)] == [("a", "c")]


def test_a_joined_extract_keeps_its_whole_in_front():
    (found,) = effective_relations([], [join("c", "a", EXTRACT)])
    assert (found.first, found.second, found.confidence) == ("c", "a", 1.0)


pairs = st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")).filter(lambda pair: pair[0] < pair[1])
relation_sets = st.dictionaries(
    pairs,
    st.tuples(st.sampled_from([COPY, TRANSLATION, EDITION, EXTRACT]), st.sampled_from([0.7, 0.8, 0.9])),
    max_size=20,
)
decision_lists = st.lists(st.tuples(pairs, st.sampled_from([None, COPY, TRANSLATION])), max_size=4)
mark_sets = st.dictionaries(
    st.sampled_from("abcdefgh"), st.builds(Marks, lang=st.just("en"), published=st.sampled_from(["", "2018", "2019"]))
)


@given(relation_sets, decision_lists, mark_sets, st.randoms(use_true_random=False))
def test_groups_do_not_depend_on_any_order(pairs_of, decided, marks, chance: random.Random):
    relations = [relation(*pair, kind, confidence) for pair, (kind, confidence) in pairs_of.items()]
    decisions = [
        split(*pair, number) if kind is None else join(*pair, kind, number)
        for number, (pair, kind) in enumerate(decided, start=1)
    ]
    found = folded_groups("abcdefgh", relations, decisions, marks=marks)
    for _ in range(3):
        documents = list("abcdefgh")
        chance.shuffle(documents)
        chance.shuffle(relations)
        chance.shuffle(decisions)
        assert folded_groups(documents, relations, decisions, marks=marks) == found


@given(relation_sets, decision_lists, mark_sets)
def test_nothing_that_is_split_and_no_edition_that_nobody_joined_is_folded(pairs_of, decided, marks):
    relations = [relation(*pair, kind, confidence) for pair, (kind, confidence) in pairs_of.items()]
    decisions = [
        split(*pair, number) if kind is None else join(*pair, kind, number)
        for number, (pair, kind) in enumerate(decided, start=1)
    ]
    latest = {each.pair: each for each in decisions}
    found = folded_groups("abcdefgh", relations, decisions, marks=marks)
    for pair in [pair for pair, each in latest.items() if each.kind is DecisionKind.SPLIT]:
        assert not (found[pair[0]][0] and found[pair[0]][0] == found[pair[1]][0])
    if not any(each.kind is DecisionKind.JOIN for each in latest.values()):
        for pair in [pair for pair, (kind, _) in pairs_of.items() if kind in (EDITION, EXTRACT)]:
            assert not (found[pair[0]][0] and found[pair[0]][0] == found[pair[1]][0])


@pytest.mark.parametrize("kind", [COPY, TRANSLATION, EDITION])
def test_a_relation_names_the_smaller_id_first(kind):
    with pytest.raises(ValueError, match="smaller id"):
        Relation("b", "a", kind, (), 0.5)
