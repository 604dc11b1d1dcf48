"""Decide for which country or region a name speaks, or that it indicates none.

Two looks at a document: the first settles what the sentence settles; the second, knowing of which countries the document
speaks, decides what was left open.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from corpus.tag_rules import Zone
from corpus.vocabulary.places import PlaceKind, PlaceName, PlaceRule, Places
from nlp.pipeline.passages import Passage
from nlp.pipeline.places_finding import PlaceMatch
from nlp.pipeline.places_in_names import OtherNames

_CAPITALISED = re.compile(r"[A-ZÀ-Þ][a-zß-ÿ’']+")
_IN_CAPITALS = re.compile(r"[A-ZÀ-Þ’']{4,}")
_LIST_OF_COUNTRIES = 2
"""Other countries named in a sentence that make it a list of countries."""
_SUPPORT_OVER_A_NEIGHBOUR = 2
"""Other evidence for a country in the document with which its name beside a capitalised word is still the country's."""


_SHARED = frozenset({PlaceKind.CITY, PlaceKind.SUBDIVISION})
"""Kinds of places whose names several countries have."""
_OF_PERSONS = frozenset({PlaceKind.NAME, PlaceKind.CITY, PlaceKind.SUBDIVISION})
"""Kinds of places after which people are called."""
_SAINTS = frozenset({"san", "santa", "santo", "são", "saint", "sainte", "st", "st."})
_NEAREST = 4
"""So many places before and behind one in the same passage say of which country a name that several share is."""
_BESIDE_AFTER = re.compile(
    r"(?:,| \(|, (?:in|en)| (?:in|en)| [–-]|/|,? (?:[a-zé]+ ){0,2}(?:of|in|de|del|du|en|do|da))\s?(?:the |la |el |le )?"
)
_BESIDE_BEFORE = re.compile(r"(?:['’]s)?:? (?:(?:province|state|region|department|city) of )?")
_LIST_GOES_ON = re.compile(r",? (?:and|or|y|o|et|ou|e|&) (?:the |la |el |le )?[A-ZÀ-Þ]|, [A-ZÀ-Þ]")


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A candidate in its sentence."""

    candidate: PlaceMatch
    doc: Doc
    text: str
    """Of the doc: asking the doc for it joins all its words each time."""
    lang: str
    sentence_start: int
    """Character of the doc's text, 0-based."""
    sentence_end: int
    others: int
    """Countries that are named in the same sentence, this one aside."""
    line: str = ""
    """The line in which it stands; empty in titles and headings, whose lines are whole."""
    beside: str = ""
    """Country that is named right beside it: `Limburg, Belgium`, `Punjab (India)`, `Pakistan's Punjab`. Empty for none."""
    around: tuple[tuple[int, str], ...] = ()
    """Character and country of what indicates a country in the same sentence beyond doubt."""
    longer: tuple[tuple[int, int, str], ...] = ()
    """Longer names in the same sentence that hold these words: beside `Guinea-Bissau`, `Guinea` alone is another country.
    First character and the one after the last, of the doc's text, and the country."""

    @property
    def words(self) -> str:
        """Return the words as they are in the text."""
        return self.text[self.start : self.end]

    @property
    def start(self) -> int:
        """Return the character of the doc's text at which the words begin."""
        return int(self.doc[self.candidate.start].idx)

    @property
    def end(self) -> int:
        """Return the character of the doc's text after the words."""
        last = self.doc[self.candidate.end - 1]
        return int(last.idx) + len(last)

    @property
    def sentence(self) -> str:
        """Return the whole sentence."""
        return self.text[self.sentence_start : self.sentence_end]

    @property
    def rest_of_sentence(self) -> str:
        """Return the sentence with blanks where the longer names stand."""
        text = self.sentence
        for start, end, _ in self.longer:
            first, last = start - self.sentence_start, end - self.sentence_start
            text = f"{text[:first]}{' ' * (last - first)}{text[last:]}"
        return text


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one look at a mention came to."""

    name: PlaceName | None = None
    """What the words stand for; None when they indicate nothing, or it is still open."""
    concept: str = ""
    """The country or region they indicate; empty with `open` or when they indicate nothing."""
    open: bool = False
    """True: the document must decide."""


NOTHING = Judgement()
OPEN = Judgement(open=True)


class PlaceJudge:
    """Applies the rules of the vocabulary to mentions."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._other_names = OtherNames(places.contexts)
        self._searched: dict[tuple[int, int, re.Pattern[str]], bool] = {}

    def judge(self, mentions: Sequence[PlaceMention]) -> list[Judgement]:
        """Return what each mention indicates, in the same order."""
        self._searched.clear()
        self._other_names.forget()
        first = [self._first_look(mention) for mention in mentions]
        support = Counter(found.concept for found in first if found.concept)
        clean = Counter(
            mention.candidate.names[0].surface for mention, found in zip(mentions, first, strict=True) if found.open
        )
        return [
            _by_the_nearest(at, mentions, first) or self._second_look(mention, support=support, clean=clean)
            if found.open
            else found
            for at, (mention, found) in enumerate(zip(mentions, first, strict=True))
        ]

    def _first_look(self, mention: PlaceMention) -> Judgement:
        name = mention.candidate.names[0]
        if self._other_names.hold(mention):
            return NOTHING
        if town := self._other_names.town_of(mention):
            return Judgement(name, town)
        if told := _by_neighbours(mention):
            return told
        if self._follows_given_name(mention):
            return NOTHING
        rule = self._places.rule_for(name.surface, mention.lang)
        if rule is not None:
            return self._by_rule(mention, rule)
        if any(name.weak for name in mention.candidate.names):
            if name.kind is PlaceKind.DEMONYM and self._beside_people(mention):
                return Judgement(name, name.concept)
            return OPEN
        return Judgement(name, name.concept)

    def _by_rule(self, mention: PlaceMention, rule: PlaceRule) -> Judgement:
        name = mention.candidate.names[0]
        if any(_covers(pattern, mention) for pattern in rule.reject):
            return NOTHING
        accepted = self._any_in_sentence(rule.accept, mention) or mention.others >= _LIST_OF_COUNTRIES
        if not accepted and self._any_in_sentence(rule.block, mention):
            return NOTHING
        for concept, pattern in rule.near:
            if mention.longer:  # only the words around the longer name indicate another country
                is_near = bool(pattern.search(mention.rest_of_sentence))
            else:
                is_near = self._any_in_sentence((pattern,), mention)
            if is_near:
                return Judgement(name, concept)
        beside_a_name = (
            rule.person and not accepted and self._beside_capital(mention, before_only=rule.person_before_only)
        )
        if beside_a_name or rule.document or (rule.supported and not accepted):
            return OPEN
        default = rule.default_for(mention.lang, named=name.concept)
        if not default:
            return NOTHING
        if any(name.weak for name in mention.candidate.names) and not accepted:
            return OPEN
        return Judgement(name, default)

    def _any_in_sentence(self, patterns: Iterable[re.Pattern[str]], mention: PlaceMention) -> bool:
        """Say whether a pattern is found in a mention's sentence; each is asked once, however many names are in it."""
        for pattern in patterns:
            place = (id(mention.doc), mention.sentence_start, pattern)
            if place not in self._searched:
                self._searched[place] = pattern.search(mention.sentence) is not None
            if self._searched[place]:
                return True
        return False

    def _second_look(self, mention: PlaceMention, *, support: Mapping[str, int], clean: Mapping[str, int]) -> Judgement:
        name = mention.candidate.names[0]
        rule = self._places.rule_for(name.surface, mention.lang)
        if rule is not None:
            return self._by_document(mention, rule, support=support, clean=clean)
        supported = [name for name in mention.candidate.names if support.get(name.concept)]
        if not supported:
            return NOTHING
        best = max(supported, key=lambda name: support[name.concept])
        return Judgement(best, best.concept)

    def _by_document(
        self, mention: PlaceMention, rule: PlaceRule, *, support: Mapping[str, int], clean: Mapping[str, int]
    ) -> Judgement:
        name = mention.candidate.names[0]
        default = rule.default_for(mention.lang, named=name.concept)
        if rule.document:
            told_apart = {concept for _, _, concept in mention.longer}
            order = [concept for concept in rule.document if concept not in told_apart]
            best = max(order, key=lambda concept: support.get(concept, 0), default="")
            chosen = best if support.get(best) else default
            return Judgement(name, chosen) if chosen else NOTHING
        if rule.person and self._beside_capital(mention, before_only=rule.person_before_only):
            return (
                Judgement(name, default)
                if default and support.get(default, 0) >= _SUPPORT_OVER_A_NEIGHBOUR
                else NOTHING
            )
        enough = rule.enough is not None and clean.get(name.surface, 0) >= rule.enough and not support.get(rule.rival)
        if default and (support.get(default) or enough):
            return Judgement(name, default)
        return NOTHING

    def _beside_people(self, mention: PlaceMention) -> bool:
        candidate = mention.candidate
        around = (
            mention.doc[candidate.end : candidate.end + 2]
            if mention.lang == "en"
            else [
                *mention.doc[max(0, candidate.start - 2) : candidate.start],
                *mention.doc[candidate.end : candidate.end + 2],
            ]
        )
        return any(self._places.people.match(token.lower_) for token in around)

    def _follows_given_name(self, mention: PlaceMention) -> bool:
        doc, before = mention.doc, mention.candidate.start - 1
        if before < 0 or mention.candidate.names[0].kind not in _OF_PERSONS:
            return False
        # San Jose, Costa Rica, is no Jose.
        is_saint = before > 0 and doc[before - 1].lower_ in _SAINTS
        given = doc[before].text
        return given[0].isupper() and given.title() in self._places.given_names and not is_saint

    def _beside_capital(self, mention: PlaceMention, *, before_only: bool) -> bool:
        """Say whether a capitalised word is beside the name as in `Chad Smith`; not in a title written in capitals."""
        doc, candidate = mention.doc, mention.candidate
        before = doc[candidate.start - 1] if candidate.start > 0 else None
        after = doc[candidate.end] if candidate.end < len(doc) else None
        beside: list[Token] = []
        # The first word of a sentence has its capital for another reason.
        if before is not None and before.idx > mention.sentence_start:
            beside.append(before)
        # `Kenya Revenue Authority` is no person.
        is_longer = candidate.end + 1 < len(doc) and _CAPITALISED.fullmatch(doc[candidate.end + 1].text)
        if not before_only and after is not None and after.idx < mention.sentence_end and not is_longer:
            beside.append(after)
        shape = _IN_CAPITALS if mention.words.isupper() else _CAPITALISED
        if not any(
            shape.fullmatch(token.text) and token.text.capitalize() not in self._places.neighbours for token in beside
        ):
            return False
        first = before.idx if before is not None else mention.start
        last = after.idx + len(after) if after is not None else mention.end
        return not _mostly_capitalised(
            mention.text[mention.sentence_start : first] + mention.text[last : mention.sentence_end]
        )


def _by_neighbours(mention: PlaceMention) -> Judgement | None:
    """Return for which country a name that others share speaks by what is in its sentence; None: it does not say."""
    names = mention.candidate.names
    if names[0].kind not in _SHARED or not any(name.weak for name in names):
        return None
    of_country = {name.concept: name for name in names}
    if mention.beside:
        own = of_country.get(mention.beside)
        return Judgement(own, own.concept) if own else NOTHING
    near = [(abs(start - mention.start), country) for start, country in mention.around if country in of_country]
    if len(of_country) > 1 and near:
        country = min(near)[1]
        return Judgement(of_country[country], country)
    return None


def _by_the_nearest(at: int, mentions: Sequence[PlaceMention], first: Sequence[Judgement]) -> Judgement | None:
    """Return for which country a shared name speaks by the places around it in its passage; None: they do not say."""
    mention = mentions[at]
    of_country = {name.concept: name for name in mention.candidate.names}
    if len(of_country) < 2 or mention.candidate.names[0].kind not in _SHARED:
        return None
    near = [
        (abs(other.start - mention.start), found.concept)
        for other, found in zip(
            mentions[max(0, at - _NEAREST) : at + _NEAREST + 1],
            first[max(0, at - _NEAREST) : at + _NEAREST + 1],
            strict=True,
        )
        if found.concept in of_country and other.doc is mention.doc
    ]
    if not near:
        return None
    country = min(near)[1]
    return Judgement(of_country[country], country)


def country_beside(at: int, candidates: Sequence[PlaceMatch], doc: Doc, text: str) -> str:
    """Return the country that is named right before or behind the candidate at an index; empty for none.

    `candidates` are all of the sentence, in order. A list of countries says nothing: `Punjab, Nepal and Bhutan`.
    """
    candidate = candidates[at]
    end = _end(candidate, doc)
    if at + 1 < len(candidates) and (country := _plain_country(candidates[at + 1], demonyms=False)):
        between = text[end : doc[candidates[at + 1].start].idx]
        behind = _end(candidates[at + 1], doc)
        goes_on = between.startswith(",") and _LIST_GOES_ON.match(text, behind)
        if _BESIDE_AFTER.fullmatch(between) and not goes_on:
            return country
    if at > 0 and (country := _plain_country(candidates[at - 1], demonyms=True)):
        between = text[_end(candidates[at - 1], doc) : doc[candidate.start].idx]
        if _BESIDE_BEFORE.fullmatch(between):
            return country
    return ""


def line_of(passage: Passage, candidate: PlaceMatch, doc: Doc) -> str:
    """Return the line of a passage in which a candidate stands; empty in titles and headings."""
    if passage.zone in (Zone.TITLE, Zone.HEADING):
        return ""
    at = doc[candidate.start].idx - passage.start
    end = passage.text.find("\n", at)
    return passage.text[passage.text.rfind("\n", 0, at) + 1 : end if end >= 0 else len(passage.text)]


def countries_around(candidates: Iterable[PlaceMatch], doc: Doc) -> tuple[tuple[int, str], ...]:
    """Return character and country of the candidates that have one meaning only."""
    return tuple(
        (int(doc[candidate.start].idx), candidate.names[0].concept)
        for candidate in candidates
        if not any(name.weak for name in candidate.names) and len({name.concept for name in candidate.names}) == 1
    )


def _plain_country(candidate: PlaceMatch, *, demonyms: bool) -> str:
    name = candidate.names[0]
    is_one = name.kind is PlaceKind.NAME or (demonyms and name.kind is PlaceKind.DEMONYM)
    return name.concept if is_one and not name.weak else ""


def _end(candidate: PlaceMatch, doc: Doc) -> int:
    last = doc[candidate.end - 1]
    return int(last.idx) + len(last)


def _covers(pattern: re.Pattern[str], mention: PlaceMention) -> bool:
    start, end = mention.start - mention.sentence_start, mention.end - mention.sentence_start
    return any(found.start() <= start and end <= found.end() for found in pattern.finditer(mention.sentence))


def _mostly_capitalised(text: str) -> bool:
    long_words = [word for word in text.split() if len(word) > 3 and word[0].isalpha()]
    return len(long_words) > 1 and sum(word[0].isupper() for word in long_words) > 0.6 * len(long_words)


def longer_names(candidate: PlaceMatch, others: Iterable[PlaceMatch], doc: Doc) -> tuple[tuple[int, int, str], ...]:
    """Return the longer names among `others` that hold the words of a candidate: as `PlaceMention.longer`."""
    words = [token.lower_ for token in doc[candidate.start : candidate.end]]
    found = []
    for other in others:
        held = [token.lower_ for token in doc[other.start : other.end]]
        starts = range(len(held) - len(words) + 1) if len(held) > len(words) else ()
        if other.names[0].concept and any(held[start : start + len(words)] == words for start in starts):
            last = doc[other.end - 1]
            found.append((int(doc[other.start].idx), int(last.idx) + len(last), other.names[0].concept))
    return tuple(found)


def countries_named(candidates: Iterable[PlaceMatch]) -> set[str]:
    """Return the countries whose plain names are among the candidates."""
    return {
        name.concept
        for candidate in candidates
        for name in candidate.names
        if name.kind is PlaceKind.NAME and not name.weak
    }
