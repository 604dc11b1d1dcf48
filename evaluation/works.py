"""How well documents are related: precision and recall by kind on judged pairs, beside the plainest way in the same run.

A pair is found when it shares enough keys, as in the records, and judged as there. Groups of more than two documents are no
matter here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz.distance import Indel

from corpus.store.relating import WEAK_SHARED
from corpus.types import Document
from corpus.works import RelationKind
from nlp.works.classify import relation_of
from nlp.works.fingerprints import Fingerprint, fingerprint
from nlp.works.profiles import Profile, keys_of, profile_of
from nlp.works.titles import marks_of_title
from nlp.works.words import body_of, words_to_compare
from nlp.zones import with_zones

NONE = "none"
_PLAIN_WORDS = 0.9
"""Share of words in one order from which the plain comparison of two bodies says copy: the best one on pairs that were read."""
KINDS = (RelationKind.COPY, RelationKind.TRANSLATION, RelationKind.EDITION, RelationKind.EXTRACT)


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two documents and what someone says they are to each other."""

    id: str
    kind: str
    """`copy`, `translation`, `edition`, `extract`; anything else: they are not related."""
    first: Document
    """With pages."""
    second: Document
    also: tuple[str, ...] = ()
    """Further right answers; `none` among them: to leave them unrelated."""


@dataclass(frozen=True, slots=True)
class PairError:
    """A pair about which an answer is wrong."""

    id: str
    labelled: str
    given: str


@dataclass(slots=True)
class KindScore:
    """How often a kind was said, and how often rightly."""

    given: int = 0
    given_right: int = 0
    labelled: int = 0
    labelled_right: int = 0
    """Labelled so, and answered so or as else is right."""

    @property
    def precision(self) -> float:
        """Return the share of answers that are right; 1 when there are none."""
        return self.given_right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        """Return the share of labelled pairs with a right answer; 1 when there are none."""
        return self.labelled_right / self.labelled if self.labelled else 1.0


@dataclass(slots=True)
class WorksReport:
    """The result of an evaluation."""

    pairs: int = 0
    scores: dict[str, KindScore] = field(default_factory=lambda: {kind.value: KindScore() for kind in KINDS})
    plain: KindScore = field(default_factory=KindScore)
    """Copies by the plainest way: the same bytes, or the same title and year."""
    plain_words: KindScore = field(default_factory=KindScore)
    """Copies by the share of words that both bodies have in one order."""
    editions_folded: int = 0
    """Pairs labelled as editions, and not as copies too, that are said to be copies or translations."""
    errors: list[PairError] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the report for programs, errors aside."""
        scores = {name: _score_json(score) for name, score in self.scores.items()}
        plain, plain_words = _score_json(self.plain), _score_json(self.plain_words)
        return {
            "pairs": self.pairs,
            "scores": scores,
            "plain": plain,
            "plain_words": plain_words,
            "editions_folded": self.editions_folded,
        }


def _score_json(score: KindScore) -> dict[str, Any]:
    counts = {name: getattr(score, name) for name in ("given", "given_right", "labelled", "labelled_right")}
    return {"precision": round(score.precision, 4), "recall": round(score.recall, 4), **counts}


def evaluate(pairs: Iterable[LabelledPair]) -> WorksReport:
    """Judge pairs and hold the answers against the labels."""
    report = WorksReport()
    made: dict[str, Fingerprint] = {}
    for pair in pairs:
        report.pairs += 1
        right = {pair.kind if pair.kind in report.scores else NONE, *pair.also}
        given = _answer(_profile(pair.first, made), _profile(pair.second, made))
        if given not in right:
            report.errors.append(PairError(pair.id, pair.kind, given))
        for name, score in report.scores.items():
            _count(score, name, given=given, labelled=pair.kind, right=right)
        plain = RelationKind.COPY.value if _is_plainly_one(pair.first, pair.second) else NONE
        _count(report.plain, RelationKind.COPY.value, given=plain, labelled=pair.kind, right=right)
        plain = RelationKind.COPY.value if _are_words_alike(pair.first, pair.second) else NONE
        _count(report.plain_words, RelationKind.COPY.value, given=plain, labelled=pair.kind, right=right)
        if pair.kind == RelationKind.EDITION.value and given in ("copy", "translation") and given not in right:
            report.editions_folded += 1
    return report


def _profile(document: Document, made: dict[str, Fingerprint]) -> Profile:
    if document.sha256 not in made:
        made[document.sha256] = fingerprint(with_zones(document.pages))
    return profile_of(document, made[document.sha256])


def _answer(first: Profile, second: Profile) -> str:
    """Return the kind by which two documents are related in the records; `none`; `part` counts as none of those measured."""
    if first.document_id == second.document_id:
        return RelationKind.COPY.value  # the same bytes are one document
    keys, others = keys_of(first), keys_of(second)
    if not _meet(keys, others):
        return NONE
    found = relation_of(first, second)
    return found.kind.value if found else NONE


def _meet(keys: frozenset[int], others: frozenset[int]) -> bool:
    """Say whether two documents would be compared, as corpus.store.relating has it."""
    shared = keys & others
    weak = min(_count_weak(keys), _count_weak(others))
    return any(key & 1 for key in shared) or (bool(shared) and len(shared) >= WEAK_SHARED * weak)


def _count_weak(keys: Iterable[int]) -> int:
    return sum(not key & 1 for key in keys)


def _is_plainly_one(first: Document, second: Document) -> bool:
    titles: Sequence[tuple[str, ...]] = [marks_of_title(each.title).rest for each in (first, second)]
    return first.sha256 == second.sha256 or (titles[0] == titles[1] and first.year == second.year)


def _are_words_alike(first: Document, second: Document) -> bool:
    one, other = (words_to_compare(map(body_of, with_zones(each.pages))) for each in (first, second))
    return bool(one and other) and Indel.normalized_similarity(one, other, score_cutoff=_PLAIN_WORDS) > 0


def _count(score: KindScore, name: str, *, given: str, labelled: str, right: set[str]) -> None:
    if given == name:
        score.given += 1
        score.given_right += given in right
    if labelled == name:
        score.labelled += 1
        score.labelled_right += given in right
