"""Text that a person typed -> tree. What is not understood is said in a note; only what would cost too much is refused.

The grammar is that of tantivy's lenient parser, read as an abstract tree and walked here; signs that it reads in ways
nobody in a library means (`Informality: a review`, `Peru - Lima`, `and/or`, curly quotes) are made plain before.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import tantivy

from corpus.messages import sentence
from search_api.analysis import as_typed, exact, scan
from search_api.query.budget import NOTES_MAX, WORDS_MAX, Budget, Dear, check_loose_phrase
from search_api.query.concepts import NamedStretch, concepts_of
from search_api.query.describe import describe
from search_api.query.field_values import FILTER_NAMES, quote_place_names, read_field
from search_api.query.prose import DEPTH_MAX, fault_in_words, made_plain
from search_api.query.stretches import is_stop, minimum_of, stretches, text_of, word_count, year_end
from search_api.query.translations import SWITCH, with_translations
from search_api.query.tree import (
    TEXT_FIELDS,
    And,
    Boosted,
    Concepts,
    Everything,
    Fuzzy,
    Most,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Words,
    text_only,
)
from search_api.query.units import apart, said_as, weighed

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

UNITS_ALL_MAX = 4
"""Up to this many words and concepts must all be in an answer; of a longer text, half of them."""
PREFIX_CHARACTERS_MIN = 2
"""A shorter prefix matches a large part of all words."""
PASTED_WORDS = 20
"""In a longer text, which is pasted, quotation marks and brackets are prose: what they hold is ranked, not required."""

_OPERATORS = re.compile(r"^(AND|OR|NOT)$")
_SLOP_MAX = 50

Clause = tuple[str | None, Mapping[str, Any]]
"""How a part is joined (must, should, must_not; None: nothing is before it), and the part as tantivy's tree has it."""


@dataclass(frozen=True, slots=True)
class ParsedText:
    """A text and what it means."""

    tree: Node
    """Everything() when the text is empty."""
    in_words: str
    notes: tuple[str, ...]
    ranks_by_all_words: bool = False
    translated: Node = field(default_factory=Everything)
    """The same with translations, switched off or not: for who wants to see them."""
    concepts: tuple[Concepts, ...] = ()
    """What of it names concepts of the vocabulary, in order, those that were switched off too."""


def parse(text: str, *, vocabulary: Vocabulary, off: Collection[str] = (), strict: bool = False) -> ParsedText:
    """Return what a text means.

    Args:
        text: as typed, not longer than settings.query_characters_max.
        vocabulary: in which `country:Peru` and the like are looked up, and names of concepts are recognised.
        off: concepts (`group:street_vendors`) whose names are searched for as plain words, and `words:translations`.
        strict: True: every word is searched for as it is written, and no concept is recognised.

    Raises BadQuery: the search would cost more than one search may (search_api.query.budget).
    """
    walk = _Walk(vocabulary=vocabulary, off=frozenset(off), strict=strict)
    prose = made_plain(quote_place_names(as_typed(text), vocabulary=vocabulary), note=walk.note)
    plain, walk.plus = prose.text, prose.plus
    walk.times = Counter(exact(plain))
    ast, faults = tantivy.parse_query_lenient(plain)
    walk.note_faults(faults, plain)
    tree = walk.alone(ast, depth=0)
    if tree is None:
        if text.strip():
            walk.note(sentence("The search has no words; all documents are shown."))
        tree = Everything()
    in_words = "" if isinstance(tree, Everything) else describe(tree)
    translated = tree if strict else with_translations(tree)
    return ParsedText(
        tree=tree if SWITCH in off else translated,
        in_words=in_words,
        notes=tuple(walk.notes),
        ranks_by_all_words=walk.found_long_text,
        translated=translated,
        concepts=tuple(walk.named),
    )


@dataclass
class _Walk:
    """One walk over one abstract tree: gathers notes and counts on the way what the search costs."""

    vocabulary: Vocabulary
    off: frozenset[str] = frozenset()
    strict: bool = False
    named: list[Concepts] = field(default_factory=list)
    plus: frozenset[str] = frozenset()
    """Words that were typed with a plus: +word."""
    notes: list[str] = field(default_factory=list)
    found_long_text: bool = False
    budget: Budget = field(default_factory=Budget)
    times: Mapping[str, int] = field(default_factory=dict)
    """How often each word is said: tantivy's parser gives a word that is said twice only once."""

    def note(self, message: str) -> None:
        if message not in self.notes and len(self.notes) < NOTES_MAX:
            self.notes.append(message)

    # --- before and after tantivy's parser ------------------------------------------------------------------------

    def note_faults(self, faults: list[dict[str, Any]], plain: str) -> None:
        for fault in faults:
            if message := fault_in_words(fault, plain):
                self.note(message)

    # --- the abstract tree ----------------------------------------------------------------------------------------

    def node(self, ast: Mapping[str, Any], *, depth: int) -> Node | None:
        if depth > DEPTH_MAX * 3:
            self.note(sentence("The search is nested too deeply; its innermost part was left out."))
            return None
        match ast["type"]:
            case "bool":
                return self._bool(ast["clauses"], depth=depth)
            case "boost":
                inner = self.alone(ast["underlying"], depth=depth + 1)
                factor = float(ast["boost"])
                return (
                    None
                    if inner is None
                    else Boosted(inner, min(10.0, max(0.1, factor if math.isfinite(factor) else 1)))
                )
            case "literal":
                return self._literal(ast)
            case "range":
                return self._range(ast)
            case "set":
                return self._set(ast)
            case "regex":
                return self._plain_words(str(ast.get("pattern") or ""), field_name=str(ast.get("field") or ""))
            case "all":
                return Everything() if self.budget.take_words(1) else None
            case "exists":
                self.note(sentence("{field}:* was ignored: a field needs a value.", field=ast.get("field")))
                return None
        self.note(sentence("A part of the search could not be understood and was left out."))
        return None

    def _bool(self, clauses: list[Clause], *, depth: int) -> Node | None:
        required: list[Node] = []
        loose: list[Node] = []
        alternatives: list[list[Node]] = []
        previous: str | None = None
        for occur, ast in _unfolded(clauses):
            if occur == "should" and previous != "should":
                alternatives.append([])
            stands_alone = occur in ("must", "should") or (occur == "must_not" and self.strict)
            part = self.alone(ast, depth=depth + 1) if stands_alone else self.node(ast, depth=depth + 1)
            if part is not None:
                if occur == "must_not":
                    required.append(Not(part))
                elif occur == "should":
                    alternatives[-1].append(part)
                elif occur == "must":
                    required.append(part)
                else:
                    loose.append(part)
            previous = occur
        loose += [group[0] if len(group) == 1 else Or(tuple(group)) for group in alternatives if group]
        positive = self.loose(loose)
        parts = ([positive] if positive is not None else []) + required
        if len(parts) < 2:
            return parts[0] if parts else None
        flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))]
        return And(tuple(flat))

    def loose(self, parts: list[Node]) -> Node | None:
        """Join parts between which nothing stands: all of them, or, of a long text, most of its words."""
        typed = [part for part in parts if isinstance(part, Words) and not part.field]
        if word_count(typed) > PASTED_WORDS:  # quotation marks and brackets of prose are ranked, not required
            loose = [part for part in parts if text_only(part) == part]
        else:
            loose = [part for part in parts if isinstance(part, Words | Prefix | Fuzzy) and not part.field]
        required = [part for part in parts if part not in loose]
        joined = self._joined(self._units(loose))
        if joined is None or not required:
            return _all_of(required) if joined is None else joined
        return And((joined, *required))

    def _joined(self, units: list[Node]) -> Node | None:
        if len(units) < 2:
            return units[0] if units else None
        if len(units) <= UNITS_ALL_MAX:
            return Most(tuple(units), len(units))
        self.found_long_text = True
        return Most(tuple(weighed(units, times=self.times)), minimum_of(len(units)))

    def alone(self, ast: Mapping[str, Any], *, depth: int) -> Node | None:
        """Return a part beside which no other stands: a word as the concept that it names, in a strict search as written."""
        part = self.node(ast, depth=depth)
        if ast["type"] != "literal" or not isinstance(part, Words) or part.field:
            return part
        units = self._units_of_run([part])
        return units[0] if len(units) == 1 else And(tuple(units))

    def _units(self, parts: list[Node]) -> list[Node]:
        """Return the parts with words that name one thing together, and without those that say nothing beside others."""
        units: list[Node] = []
        run: list[Words] = []
        for part in [*parts, None]:
            if isinstance(part, Words) and not part.field:
                run += apart(part)
                continue
            units += self._units_of_run(run)
            run = []
            if part is not None:
                units.append(part)
        telling = [unit for unit in units if not (isinstance(unit, Words) and is_stop(unit))]
        # filaria, and filaria are one word, which counts double: as two parts it would count four times.
        return list({said_as(unit): unit for unit in reversed(telling or units)}.values())[::-1]

    def _units_of_run(self, run: list[Words]) -> list[Node]:
        """Return words that stand side by side as concepts, instruments of the ILO and single words, in their order."""
        if self.strict:
            return [Phrase(part.text) for part in run]
        tokens = [(number, token) for number, part in enumerate(run) for token in scan(part.text)]
        units: dict[int, Node] = {}
        taken: set[int] = set()
        for first, last in stretches(run):
            units[first] = Words(text_of(run[first:last]))
            taken.update(range(first, last))
        for named in concepts_of(self.vocabulary).find([token.text for _, token in tokens]):
            first, last = tokens[named.first][0], tokens[named.last - 1][0] + 1
            whole = (named.first == 0 or tokens[named.first - 1][0] != first) and (
                named.last == len(tokens) or tokens[named.last][0] != last - 1
            )
            if whole and taken.isdisjoint(range(first, last)):
                units |= self._concept_units(run[first:last], named, first=first)
                taken.update(range(first, last))
        units |= {number: part for number, part in enumerate(run) if number not in taken}
        return [units[number] for number in sorted(units)]

    def _concept_units(self, run: list[Words], named: NamedStretch, *, first: int) -> dict[int, Node]:
        text = text_of(run)
        self.named.append(Concepts(text, named.concepts))
        kept = tuple(each for each in named.concepts if f"{each[0]}:{each[1]}" not in self.off)
        if not kept:
            return dict(enumerate(run, start=first))
        return {first: Concepts(text, kept, is_hint=named.is_hint)}

    # --- leaves ---------------------------------------------------------------------------------------------------

    def _literal(self, ast: Mapping[str, Any]) -> Node | None:
        text, name = str(ast["phrase"]), str(ast["field_name"] or "")
        if name in FILTER_NAMES:
            return self._filter(name, text)
        if ast["delimiter"] != "none":
            return self._phrase(text, name, slop=int(ast["slop"]), open_end=bool(ast["prefix"]))
        if text in self.plus:
            return self._phrase(text, name, slop=0, open_end=False)
        if _OPERATORS.match(text):
            self.note(sentence("{text} has nothing to join and was searched for as a word.", text=text))
        if match := re.fullmatch(r"(.+?)~([0-9.]*)", text):
            return self._fuzzy(match.group(1), match.group(2), name)
        if text.endswith("*") and text.strip("*"):
            return self._prefix(text.rstrip("*"), name)
        if "*" in text.strip("*") or "?" in text.strip("?"):
            self.note(
                sentence(
                    "Only a star at the end of a word is understood; {text} was searched for as words.", text=text[:40]
                )
            )
        return self._plain_words(text, field_name=name)

    def _plain_words(self, text: str, *, field_name: str) -> Node | None:
        text, count = self._within_budget(text)
        if not count:
            return None
        name = field_name if field_name in TEXT_FIELDS else ""
        if count <= PASTED_WORDS:
            return Phrase(text, field=name) if self.strict and name else Words(text, field=name)
        self.found_long_text = True  # words joined by commas, an address: not all of them have to match
        parts: list[Node] = [Words(word, field=name) for word in dict.fromkeys(exact(text))]
        return Most(tuple(weighed(parts, times=Counter(exact(text)))), minimum_of(len(parts)))

    def _within_budget(self, text: str) -> tuple[str, int]:
        """Return as much of a text as may be searched for, and how many words that has."""
        tokens = list(scan(text))
        taken = self.budget.take_words(len(tokens))
        if taken < len(tokens):
            self.note(
                sentence("The text is very long; only its first {count} words were searched for.", count=WORDS_MAX)
            )
            text = text[: tokens[taken - 1].end] if taken else ""
        return text, taken

    def _phrase(self, text: str, name: str, *, slop: int, open_end: bool) -> Node | None:
        if text.endswith("*"):
            open_end = True
        text, count = self._within_budget(text)
        if not count:
            return None
        words = exact(text)
        if open_end and count == 1:
            return self._prefix(words[0], name)
        if open_end and slop:
            self.note(sentence("A phrase with a star at its end is searched for with its words side by side."))
            slop = 0
        if slop and len(set(words)) < count:
            # The same word at many places can be moved about in more ways than there is time and memory for.
            self.note(sentence("A word that stands several times in a phrase with ~ counts once."))
            words = list(dict.fromkeys(words))
            text = " ".join(words)
        slop = min(slop, _SLOP_MAX) if len(words) > 1 else 0
        if slop:
            check_loose_phrase(len(words))
        if len(words) > 1:
            self.budget.take(Dear.LOOSE if slop else Dear.OPEN if open_end else Dear.PHRASE)
        return Phrase(text, slop=slop, open_end=open_end, field=name)

    def _prefix(self, text: str, name: str) -> Node | None:
        words = exact(text)
        if not words:
            return None
        if len(words) > 1:
            return self._phrase(text, name, slop=0, open_end=True)
        if len(words[0]) < PREFIX_CHARACTERS_MIN:
            self.note(sentence("{text}* begins too many words; {text} was searched for as a word.", text=text))
            return self._plain_words(text, field_name=name)
        self.budget.take(Dear.BEGINNING)
        return Prefix(text, field=name)

    def _fuzzy(self, text: str, distance: str, name: str) -> Node | None:
        words = exact(text)
        if len(words) != 1:
            if words:
                self.note(
                    sentence(
                        "{text}~ was searched for as written: only one word can be searched for in near spellings.",
                        text=text[:40],
                    )
                )
            return self._plain_words(text, field_name=name)
        letters = len(words[0])
        wanted = 2 if distance == "2" else 1
        if distance not in ("", "1", "2"):
            self.note(
                sentence("{text}~{distance}: the number after ~ is 1 or 2; 1 was taken.", text=text, distance=distance)
            )
        if letters < 4:
            self.note(sentence("{text} is too short for near spellings and was searched for as written.", text=text))
            return self._plain_words(text, field_name=name)
        if wanted == 2 and letters < 7:
            self.note(sentence("{text} is too short for two differences; one was allowed.", text=text))
            wanted = 1
        self.budget.take(Dear.NEAR)
        return Fuzzy(text, distance=wanted, field=name)

    def _filter(self, name: str, text: str) -> Node | None:
        found = read_field(name, text, vocabulary=self.vocabulary, budget=self.budget)
        for message in found.notes:
            self.note(message)
        if found.node is not None:
            return found.node
        return self._plain_words(text, field_name="")

    def _range(self, ast: Mapping[str, Any]) -> Node | None:
        ends = [str(end.get("value", "")) for end in (ast["lower"], ast["upper"])]
        if ast["field"] == "year":
            lower = year_end(ast["lower"], step=1)
            upper = year_end(ast["upper"], step=-1)
            return self._filter("year", f"{lower}..{upper}")
        self.note(sentence("Ranges work for year only; the ends were searched for as words."))
        return self._plain_words(" ".join(ends), field_name=str(ast["field"] or ""))

    def _set(self, ast: Mapping[str, Any]) -> Node | None:
        elements = [str(element) for element in ast["elements"]]
        name = str(ast["field"] or "")
        parts = [
            part
            for element in elements
            if (
                part := self._filter(name, element)
                if name in FILTER_NAMES
                else self._plain_words(element, field_name=name)
            )
        ]
        if len(parts) < 2:
            return parts[0] if parts else None
        return Or(tuple(parts))


def _unfolded(clauses: list[Clause]) -> list[Clause]:
    """Take away brackets around words between which nothing stands: `a (b c)` is `a b c`, as in a pasted title."""
    found: list[Clause] = []
    for occur, ast in clauses:
        inner = ast.get("clauses", [])
        if occur is None and ast["type"] == "bool" and all(each is None for each, _ in inner):
            found += _unfolded(inner)
        else:
            found.append((occur, ast))
    return found


def _all_of(parts: list[Node]) -> Node | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    return And(tuple(parts))
