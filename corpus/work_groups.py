"""Groups of related documents: copies, what is folded into one hit, and works. Pure functions of relations and decisions.

Copies are not always transitive: the text of 2019 may be like one without a date, and that like the text of 2020. Which
documents then stand together is decided by the strongest relation, never by the order in which the documents came:

1. what a person joined;
2. then copies, then translations, each from the highest confidence down, equal ones by the ids of their documents.

Two groups are not united when a person split a document of one from a document of the other, when one of these pairs is
an edition or an extract, or when their marks exclude each other (another year, issue or country) and nothing says directly
that they are copies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.works import (
    FOLDED,
    Decision,
    DecisionKind,
    Relation,
    RelationEvidence,
    RelationEvidenceKind,
    RelationKind,
    pair_of,
)


@dataclass(frozen=True, slots=True)
class Marks:
    """What tells a document apart from other editions, issues and countries of the same publication. Empty: not known."""

    lang: str = ""
    years: tuple[str, ...] = ()
    """That the title names, ascending."""
    published: str = ""
    """Year of publication, where something better than the file's own clock says it."""
    edition: str = ""
    """`2`, `revised`."""
    issue: tuple[str, ...] = ()
    """Volume, number, part, quarter and month, each behind a letter: `v3`, `n2`, `p1`, `q4`, `m12`."""
    places: tuple[str, ...] = ()
    """Ids of the countries that the title names, ascending."""

    def differences(self, other: Marks) -> tuple[RelationEvidence, ...]:
        """Return what makes two documents editions or issues of each other, and not one text; what is not known does not.

        Places aside. Years of publication count within a language: a translation often comes out a year later.
        """
        found = []
        if self.years and other.years and self.years != other.years:
            found.append(_other(RelationEvidenceKind.OTHER_YEAR, "-".join(self.years), "-".join(other.years)))
        elif self.lang == other.lang and self._is_published_apart(other):
            found.append(_other(RelationEvidenceKind.OTHER_YEAR, self.published, other.published))
        if self.lang == other.lang and self.edition != other.edition:
            found.append(_other(RelationEvidenceKind.OTHER_EDITION, self.edition, other.edition))
        first, second = ({each[0]: each[1:] for each in marks.issue} for marks in (self, other))
        if any(first[letter] != second[letter] for letter in first.keys() & second.keys()):
            found.append(_other(RelationEvidenceKind.OTHER_ISSUE, " ".join(self.issue), " ".join(other.issue)))
        return tuple(found)

    def _is_published_apart(self, other: Marks) -> bool:
        # Titles that name the same year are one issue, which two catalogues may date differently.
        are_named = bool(self.years) and self.years == other.years
        return bool(self.published and other.published) and self.published != other.published and not are_named

    def are_of_other_places(self, other: Marks) -> bool:
        """Say whether the titles name other countries."""
        return bool(self.places and other.places) and self.places != other.places

    def exclude(self, other: Marks) -> bool:
        """Say whether what the two have cannot be one text, nor translations of one."""
        return self.are_of_other_places(other) or bool(self.differences(other))


def _other(kind: RelationEvidenceKind, first: str, second: str) -> RelationEvidence:
    return RelationEvidence.of(kind, first=first, second=second)


def group_id(letter: str, documents: Iterable[str]) -> str:
    """Return the id of a group: a letter and the smallest id of its documents (`wd9f...`)."""
    return letter + min(documents)


def effective_relations(relations: Iterable[Relation], decisions: Iterable[Decision]) -> tuple[Relation, ...]:
    """Return relations as people's decisions leave them, in the order of their documents.

    A joined pair is what the person said, with confidence 1. Of a split pair copies and translations are left out.
    """
    latest = latest_decisions(decisions)
    found = {relation.pair: relation for relation in relations}
    for pair, decision in latest.items():
        if decision.kind is DecisionKind.JOIN:
            found[pair] = joined_relation(decision)
        elif pair in found and found[pair].kind in FOLDED:
            del found[pair]
    return tuple(found[pair] for pair in sorted(found))


def latest_decisions(decisions: Iterable[Decision]) -> dict[tuple[str, str], Decision]:
    """Return the decision that counts for each pair of documents: the one with the highest id."""
    return {decision.pair: decision for decision in sorted(decisions, key=lambda each: each.id)}


def joined_relation(decision: Decision) -> Relation:
    """Return what a join says that two documents are."""
    kind = decision.relation or RelationKind.COPY
    first, second = (decision.first, decision.second) if kind is RelationKind.EXTRACT else decision.pair
    return Relation(
        first, second, kind, (RelationEvidence.of(RelationEvidenceKind.DECIDED, person=decision.person),), 1.0
    )


class _Sets:
    """Disjoint sets of documents, of which some may not be united."""

    def __init__(self, documents: Iterable[str], *, marks: Mapping[str, Marks]) -> None:
        self._of = {document: {document} for document in documents}
        self._marks = marks
        self.apart: defaultdict[str, set[str]] = defaultdict(set)
        """By document: those that may never be in its set."""
        self.together: set[tuple[str, str]] = set()
        """Pairs of which something says directly that they are one: their marks exclude nothing."""

    def unite(self, relation: Relation, *, is_decided: bool) -> None:
        one, other = self._of[relation.first], self._of[relation.second]
        if one is other or self._may_not(one, other, is_decided=is_decided):
            return
        one |= other
        for document in other:
            self._of[document] = one

    def _may_not(self, one: set[str], other: set[str], *, is_decided: bool) -> bool:
        if any(not self.apart[document].isdisjoint(other) for document in one):
            return True
        if is_decided:
            return False
        return any(
            pair_of(first, second) not in self.together
            for mine in {self._marks[each] for each in one if each in self._marks}
            for its in {self._marks[each] for each in other if each in self._marks}
            if mine.exclude(its)
            for first in one
            if self._marks.get(first) == mine
            for second in other
            if self._marks.get(second) == its
        )

    def ids(self, letter: str) -> dict[str, str]:
        """Return the id of the set of each document that is not alone."""
        named: dict[int, str] = {}
        for group in self._of.values():
            if len(group) > 1 and id(group) not in named:
                named[id(group)] = group_id(letter, group)
        return {document: named[id(group)] for document, group in self._of.items() if id(group) in named}


def folded_groups(
    documents: Iterable[str],
    relations: Sequence[Relation],
    decisions: Sequence[Decision],
    *,
    marks: Mapping[str, Marks],
) -> dict[str, tuple[str, str]]:
    """Return the groups of what is folded and of copies for each document (`fold`, `copies`; empty when alone).

    Args:
        documents: all that copies and translations connect with one of them; relations with others are left out.
        relations: as they were found, before decisions; also editions and extracts between these documents.
        decisions: of people, on these documents.
        marks: of each document that has some.
    """
    sets = _Sets(documents, marks=marks)
    here = set(sets._of)
    latest = {pair: each for pair, each in latest_decisions(decisions).items() if here.issuperset(pair)}
    effective = [each for each in effective_relations(relations, latest.values()) if here.issuperset(each.pair)]
    joined = {pair for pair, each in latest.items() if each.kind is DecisionKind.JOIN}
    for relation in effective:
        if relation.kind in FOLDED:
            sets.together.add(relation.pair)
    for pair in [pair for pair, each in latest.items() if each.kind is DecisionKind.SPLIT]:
        _forbid(sets, pair)
    # What people joined comes before what was found, also where that says edition.
    _unite(sets, effective, RelationKind.COPY, joined, is_decided=True)
    for relation in effective:
        if relation.kind in (RelationKind.EDITION, RelationKind.EXTRACT):
            _forbid(sets, relation.pair)
    _unite(sets, effective, RelationKind.COPY, joined, is_decided=False)
    copies = sets.ids("c")
    _unite(sets, effective, RelationKind.TRANSLATION, joined, is_decided=True)
    _unite(sets, effective, RelationKind.TRANSLATION, joined, is_decided=False)
    fold = sets.ids("f")
    return {document: (fold.get(document, ""), copies.get(document, "")) for document in here}


def _forbid(sets: _Sets, pair: tuple[str, str]) -> None:
    sets.apart[pair[0]].add(pair[1])
    sets.apart[pair[1]].add(pair[0])


def _unite(
    sets: _Sets,
    relations: Sequence[Relation],
    kind: RelationKind,
    joined: set[tuple[str, str]],
    *,
    is_decided: bool,
) -> None:
    chosen = [each for each in relations if each.kind is kind and (each.pair in joined) is is_decided]
    for relation in sorted(chosen, key=lambda each: (-each.confidence, each.pair)):
        sets.unite(relation, is_decided=is_decided)


def work_groups(documents: Iterable[str], relations: Iterable[Relation]) -> dict[str, str]:
    """Return the id of the work of each document: of all that relations, after decisions, connect; its own id when alone."""
    of = {document: {document} for document in documents}
    for relation in relations:
        if relation.first in of and relation.second in of and of[relation.first] is not of[relation.second]:
            one, other = of[relation.first], of[relation.second]
            if len(one) < len(other):
                one, other = other, one
            one |= other
            for document in other:
                of[document] = one
    return {document: group_id("w", group) if len(group) > 1 else document for document, group in of.items()}
