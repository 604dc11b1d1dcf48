"""Text that a person typed -> tree. Never raises on any text; what is not understood is said in a note.

The grammar is that of tantivy's lenient parser, read as an abstract tree and walked here; signs that it reads in ways
nobody in a library means (`Informality: a review`, `Peru - Lima`, `and/or`, curly quotes) are made plain before.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import tantivy

from search_api.analysis import as_typed, exact, instruments_in, query_words, scan
from search_api.query.concepts import Named, concepts_of
from search_api.query.describe import describe
from search_api.query.field_values import FILTER_NAMES, read_field
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

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

UNITS_ALL_MAX = 4
"""Up to so many words and concepts must all be in an answer; of a longer text, half of them."""
MOST_MAX = 8
"""More than so many of its words no pasted text asks for."""
_INSTRUMENT_WORDS_MAX = 4
PREFIX_CHARACTERS_MIN = 2
"""A shorter prefix matches a large part of all words."""
DEPTH_MAX = 40
"""Brackets within brackets; deeper ones are read as if they were not there."""
PASTED_WORDS = 20
"""In a longer text, which nobody types, quotation marks and brackets are prose: what they hold is ranked, not required."""
CAPITALS_WORDS_MAX = 5
"""In a longer text that is all capitals, such as a pasted title, AND, OR and NOT are words like the others."""
LEAVES_MAX = 256
"""Words, phrases and fields taken from one text."""
_SLOP_MAX = 50

Clause = tuple[str | None, Mapping[str, Any]]
"""How a part is joined (must, should, must_not; None: nothing stands before it), and the part as tantivy's tree has it."""

_FIELD_NAMES = (*TEXT_FIELDS, *FILTER_NAMES)
YEARS = re.compile(r"(?<![\w:.])([12][0-9]{3}|)\.\.([12][0-9]{3}|)(?![\w.])")
"""Years that are typed as a range without the name of the filter."""
_OPERATORS = re.compile(r"^(AND|OR|NOT)$")


@dataclass(frozen=True, slots=True)
class ParsedText:
    """A text and what it means."""

    tree: Node
    """Everything() when the text is empty."""
    in_words: str
    notes: tuple[str, ...]
    ranks_by_all_words: bool = False
    concepts: tuple[Concepts, ...] = ()
    """What of it names concepts of the vocabulary, in order, those that were switched off too."""


def parse(text: str, *, vocabulary: Vocabulary, off: Collection[str] = (), strict: bool = False) -> ParsedText:
    """Return what a text means.

    Args:
        text: as typed, not longer than settings.query_characters_max.
        vocabulary: in which `country:Peru` and the like are looked up, and names of concepts are recognised.
        off: concepts (`group:street_vendors`) whose names are searched for as plain words.
        strict: True: every word is searched for as it is written, and no concept is recognised.
    """
    walk = _Walk(vocabulary=vocabulary, off=frozenset(off), strict=strict)
    plain = walk.make_plain(as_typed(text))
    walk.times = Counter(exact(plain))
    ast, faults = tantivy.parse_query_lenient(plain)
    walk.note_faults(faults, plain)
    tree = walk.node(ast, depth=0)
    if isinstance(tree, Words):  # a text of one word: tantivy gives it without the clause in which others stand
        tree = walk.loose([tree])
    if tree is None:
        if text.strip():
            walk.note("There is no word to search for in it; every document is shown.")
        tree = Everything()
    in_words = "" if isinstance(tree, Everything) else describe(tree)
    return ParsedText(
        tree=tree,
        in_words=in_words,
        notes=tuple(walk.notes),
        ranks_by_all_words=walk.found_long_text,
        concepts=tuple(walk.named),
    )


@dataclass
class _Walk:
    """One walk over one abstract tree: gathers notes and counts leaves on the way."""

    vocabulary: Vocabulary
    off: frozenset[str] = frozenset()
    strict: bool = False
    named: list[Concepts] = field(default_factory=list)
    plus: frozenset[str] = frozenset()
    """Words that were typed with a plus: +word."""
    notes: list[str] = field(default_factory=list)
    found_long_text: bool = False
    leaves_taken: int = 0
    times: Mapping[str, int] = field(default_factory=dict)
    """How often each word is said: tantivy's parser gives a word that is said twice only once."""

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    # --- before parsing -------------------------------------------------------------------------------------------

    def make_plain(self, text: str) -> str:
        """Return the text, character for character as long, with signs of prose made plain."""
        plain = text.translate(_PLAIN_SIGNS)
        if re.search(r"(?<!\S)\*\w", plain):
            self.note("Only a star at the end of a word is understood; a star at its beginning was left out.")
        plain = re.sub(r"(?<=\s)[-+](?=\s)|(?<=\s)[-+]$|^[-+](?=\s|$)", " ", plain)  # a dash of prose, not an exclusion
        plain = plain.replace("&&", "AND").replace("||", "OR")
        plain = YEARS.sub(_years_field, plain)
        self.plus = frozenset(re.findall(r"(?<!\S)\+(\w+)(?!\S)", plain))
        plain = re.sub(r"(?<!\w)/", " ", plain)  # would begin a regular expression
        plain = re.sub(r"([^\s:\"()+\-]*):", self._field_or_word, plain)
        plain = re.sub(r"\bIN(?=\s*\[)", "in", plain)
        if plain.isupper() and len(exact(plain)) > CAPITALS_WORDS_MAX:
            plain = re.sub(r"\b(AND|OR|NOT)\b", lambda match: match.group().lower(), plain)
        return self._without_deep_brackets(plain)

    def _field_or_word(self, match: re.Match[str]) -> str:
        name = match.group(1)
        follows = match.string[match.end() : match.end() + 1]
        if name.lower() in _FIELD_NAMES and follows and not follows.isspace():
            return f"{name.lower()}:"
        if follows and not follows.isspace() and re.fullmatch(r"[A-Za-z_]{2,20}", name) and follows not in "/:":
            self.note(f"There is no field called {name}; it was searched for as a word.")
        return f"{name} "

    def _without_deep_brackets(self, plain: str) -> str:
        depth = deepest = 0
        for sign in plain:
            depth += (sign == "(") - (sign == ")")
            deepest = max(deepest, depth)
        if deepest <= DEPTH_MAX:
            return plain
        self.note("There are too many brackets within brackets; all brackets were left out.")
        return plain.replace("(", " ").replace(")", " ")

    def note_faults(self, faults: list[dict[str, Any]], plain: str) -> None:
        for fault in faults:
            message = str(fault.get("message", ""))
            if "delimiter" in message and '"' in message:
                opened = plain.rfind('"')
                self.note(f"The quotation mark at character {opened + 1} is never closed; it was closed at the end.")
            elif "expected ')'" in message:
                self.note("A bracket is never closed; it was closed at the end.")
            elif "keyword" in message:
                self.note("AND, OR or NOT stands alone and was searched for as a word.")
            elif message:
                position = int(fault.get("pos", 0))
                self.note(
                    f"Something near character {position + 1} could not be understood; the words were searched for."
                )

    # --- the abstract tree ----------------------------------------------------------------------------------------

    def node(self, ast: Mapping[str, Any], *, depth: int) -> Node | None:
        if depth > DEPTH_MAX * 3:
            self.note("The search is nested too deeply; its innermost part was left out.")
            return None
        match ast["type"]:
            case "bool":
                return self._bool(ast["clauses"], depth=depth)
            case "boost":
                inner = self.node(ast["underlying"], depth=depth + 1)
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
                return Everything()
            case "exists":
                self.note(f"{ast.get('field')}:* was left out: a field cannot be asked for without a value.")
                return None
        self.note("A part of the search could not be understood and was left out.")
        return None

    def _bool(self, clauses: list[Clause], *, depth: int) -> Node | None:
        required: list[Node] = []
        loose: list[Node] = []
        alternatives: list[list[Node]] = []
        previous: str | None = None
        for occur, ast in _unfolded(clauses):
            if occur == "should" and previous != "should":
                alternatives.append([])
            part = self.node(ast, depth=depth + 1)
            if part is not None:
                if occur == "must_not":
                    required.append(Not(part))
                elif occur == "should":
                    named = self._units_of_run([part]) if isinstance(part, Words) and not part.field else [part]
                    alternatives[-1] += named
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
        return Most(tuple(_weighed(units, times=self.times)), minimum_of(len(units)))

    def _units(self, parts: list[Node]) -> list[Node]:
        """Return the parts with words that name one thing together, and without those that say nothing beside others."""
        units: list[Node] = []
        run: list[Words] = []
        for part in [*parts, None]:
            if isinstance(part, Words) and not part.field:
                run.append(part)
                continue
            units += self._units_of_run(run)
            run = []
            if part is not None:
                units.append(part)
        telling = [unit for unit in units if not (isinstance(unit, Words) and _is_stop(unit))]
        return list(dict.fromkeys(telling or units))

    def _units_of_run(self, run: list[Words]) -> list[Node]:
        """Return words that stand side by side as concepts, instruments of the ILO and single words, in their order."""
        if self.strict:
            return [Phrase(part.text) for part in run]
        tokens = [(number, token) for number, part in enumerate(run) for token in scan(part.text)]
        units: dict[int, Node] = {}
        taken: set[int] = set()
        for first, last in _instruments(run):
            units[first] = Words(_text_of(run[first:last]))
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

    def _concept_units(self, run: list[Words], named: Named, *, first: int) -> dict[int, Node]:
        text = _text_of(run)
        self.named.append(Concepts(text, named.concepts))
        kept = tuple(each for each in named.concepts if f"{each[0]}:{each[1]}" not in self.off)
        if not kept:
            return dict(enumerate(run, start=first))
        return {first: Concepts(text, kept)}

    # --- leaves ---------------------------------------------------------------------------------------------------

    def _literal(self, ast: Mapping[str, Any]) -> Node | None:
        text, name = str(ast["phrase"]), str(ast["field_name"] or "")
        self.leaves_taken += 1
        if self.leaves_taken > LEAVES_MAX:
            self.note(f"Only the first {LEAVES_MAX} words were searched for.")
            return None
        if name in FILTER_NAMES:
            return self._filter(name, text)
        if ast["delimiter"] != "none":
            return self._phrase(text, name, slop=int(ast["slop"]), open_end=bool(ast["prefix"]))
        if text in self.plus:
            return self._phrase(text, name, slop=0, open_end=False)
        if _OPERATORS.match(text):
            self.note(f"{text} has nothing to join and was searched for as a word.")
        if match := re.fullmatch(r"(.+?)~([0-9.]*)", text):
            return self._fuzzy(match.group(1), match.group(2), name)
        if text.endswith("*") and text.strip("*"):
            return self._prefix(text.rstrip("*"), name)
        if "*" in text.strip("*") or "?" in text.strip("?"):
            self.note(f"Only a star at the end of a word is understood; {text[:40]} was searched for as words.")
        return self._plain_words(text, field_name=name)

    def _plain_words(self, text: str, *, field_name: str) -> Node | None:
        words = exact(text)
        if not words:
            return None
        return Words(text, field=field_name if field_name in TEXT_FIELDS else "")

    def _phrase(self, text: str, name: str, *, slop: int, open_end: bool) -> Node | None:
        if text.endswith("*"):
            open_end = True
        words = exact(text)
        if not words:
            return None
        if open_end and len(words) == 1:
            return self._prefix(words[0], name)
        if open_end and slop:
            self.note("A phrase with a star at its end is searched for with its words side by side.")
            slop = 0
        return Phrase(text, slop=min(slop, _SLOP_MAX) if len(words) > 1 else 0, open_end=open_end, field=name)

    def _prefix(self, text: str, name: str) -> Node | None:
        words = exact(text)
        if not words:
            return None
        if len(words) > 1:
            return Phrase(text, open_end=True, field=name)
        if len(words[0]) < PREFIX_CHARACTERS_MIN:
            self.note(f"{text}* begins too many words; {text} was searched for as a word.")
            return Words(text, field=name)
        return Prefix(text, field=name)

    def _fuzzy(self, text: str, distance: str, name: str) -> Node | None:
        words = exact(text)
        if len(words) != 1:
            if words:
                self.note(
                    f"{text[:40]}~ was searched for as written: only one word can be searched for in near spellings."
                )
            return self._plain_words(text, field_name=name)
        letters = len(words[0])
        wanted = 2 if distance == "2" else 1
        if distance not in ("", "1", "2"):
            self.note(f"{text}~{distance}: the number after ~ is 1 or 2; 1 was taken.")
        if letters < 4:
            self.note(f"{text} is too short for near spellings and was searched for as written.")
            return Words(text, field=name)
        if wanted == 2 and letters < 7:
            self.note(f"{text} is too short for two differences; one was allowed.")
            wanted = 1
        return Fuzzy(text, distance=wanted, field=name)

    def _filter(self, name: str, text: str) -> Node | None:
        found = read_field(name, text, vocabulary=self.vocabulary)
        for sentence in found.notes:
            self.note(sentence)
        if found.node is not None:
            return found.node
        return self._plain_words(text, field_name="")

    def _range(self, ast: Mapping[str, Any]) -> Node | None:
        ends = [str(end.get("value", "")) for end in (ast["lower"], ast["upper"])]
        if ast["field"] == "year":
            lower = _year_end(ast["lower"], step=1)
            upper = _year_end(ast["upper"], step=-1)
            return self._filter("year", f"{lower}..{upper}")
        self.note("A range is understood for year only; its ends were searched for as words.")
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


_PLAIN_SIGNS = str.maketrans(
    {**dict.fromkeys("“”„«»″", '"'), **dict.fromkeys("\\{}`", " "), "\x00": " ", "–": "-", "—": "-"}
)


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


def _year_end(end: Mapping[str, Any], *, step: int) -> str:
    value = str(end.get("value", ""))
    if end["type"] == "exclusive" and value.isdigit():
        return str(int(value) + step)
    return value


def word_count(words: list[Words]) -> int:
    """Return how many words these are, stop words and the parts of `home-based` too."""
    return sum(len(query_words(each.text)) for each in words)


def _weighed(units: list[Node], *, times: Mapping[str, int]) -> Iterator[Node]:
    """Give the parts of a long text; a word that is said twice counts double."""
    for unit in units:
        said = min((times.get(word, 1) for word in exact(unit.text)), default=1) if isinstance(unit, Words) else 1
        yield unit if said == 1 else Boosted(unit, float(min(said, 10)))


def _is_stop(words: Words) -> bool:
    return all(word.is_stop for word in query_words(words.text))


def _all_of(parts: list[Node]) -> Node | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    return And(tuple(parts))


def _instruments(run: list[Words]) -> Iterator[tuple[int, int]]:
    """Give the stretches that name a convention or recommendation by number: `Convention 190`, `convenio no. 189`."""
    for first in range(len(run)):
        for last in range(first + 2, min(len(run), first + _INSTRUMENT_WORDS_MAX) + 1):
            if instruments_in(_text_of(run[first:last])):
                if not instruments_in(_text_of(run[first + 1 : last])):
                    yield first, last
                break


def _text_of(run: list[Words]) -> str:
    return " ".join(part.text for part in run)


def _years_field(match: re.Match[str]) -> str:
    """Return years that were typed as a range as the filter that they mean."""
    return f"year:{match.group()}" if any(match.groups()) else match.group()


def minimum_of(units: int) -> int:
    """Return how many of the words and concepts of a long text an answer must have."""
    return min(MOST_MAX, max(2, units // 2))
