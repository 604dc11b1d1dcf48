"""List every regular expression of the product, and feed each long hostile strings: `python scripts/regexes.py [CHARACTERS]`.

Expressions are found in two ways: calls of `re` in the source (an f-string is evaluated with the names of its module), and
compiled patterns that the modules and the vocabulary's files hold. Each is fed ten kinds of common hostile strings, and for
each of its own unbounded repeats strings that begin like a match and never become one. Time is taken at some length and at
twice that: what grows by more than three times is not linear.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]  # no public way tells the parts of an expression
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any

PACKAGES = ("corpus", "crawler", "nlp", "search_api", "alerts", "web", "pushcart")
CALLS = frozenset({"compile", "sub", "subn", "search", "match", "fullmatch", "findall", "finditer", "split"})
COMMON = ("a", "a1", "1", " ", ".", "(", "\n", "a-", "<a ", '"', "A. ", "é", "%", "a@", "1,", "http://")
GROWTH_MAX = 3.0
"""Of the time when the string is twice as long: 2 is linear, 4 is quadratic."""
NOISE_SECONDS = 0.004
"""Less than this is not judged."""
SECONDS_MAX = 2.0
"""One expression on one string is stopped after this."""


@dataclasses.dataclass(frozen=True)
class FoundExpression:
    """A regular expression of the product."""

    place: str
    pattern: re.Pattern[Any]
    is_anchored: bool
    """True: it is only ever asked at the beginning of a text (match, fullmatch)."""


class TooSlow(Exception):
    """An expression was stopped."""


def modules() -> Iterator[str]:
    """Yield the names of all modules of the product."""
    for package in PACKAGES:
        yield package
        path = importlib.import_module(package).__path__
        yield from (each.name for each in pkgutil.walk_packages(path, f"{package}.") if "__main__" not in each.name)


def expressions() -> list[FoundExpression]:
    """Return every regular expression of the product, each once."""
    found: dict[tuple[Any, int], FoundExpression] = {}
    for name in modules():
        if name.startswith("corpus.migrations"):
            continue
        module = importlib.import_module(name)
        tree = _tree(module)
        for one in [*_called(module, tree), *_held(module, tree)]:
            key = (one.pattern.pattern, one.pattern.flags)
            before = found.get(key)
            if before is None or (before.is_anchored and not one.is_anchored):
                found[key] = one
    for one in _of_the_vocabulary():
        found.setdefault((one.pattern.pattern, one.pattern.flags), one)
    return list(found.values())


def not_evaluated() -> list[str]:
    """Return the places where an expression is made of what only a running function knows."""
    return [
        f"{name}:{call.lineno}: {ast.unparse(call.args[0])}"
        for name in modules()
        if not name.startswith("corpus.migrations")
        for module in [importlib.import_module(name)]
        if module.__file__
        for call in _calls(ast.parse(open(module.__file__, encoding="utf-8").read()))  # noqa: PTH123
        if _evaluated(module, call) is None
    ]


def _tree(module: Any) -> ast.AST:
    return ast.parse(Path(module.__file__).read_text(encoding="utf-8")) if module.__file__ else ast.Module([], [])


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in CALLS
            and node.args
        ):
            yield node


def _called(module: Any, tree: ast.AST) -> Iterator[FoundExpression]:
    for call in _calls(tree):
        assert isinstance(call.func, ast.Attribute)
        if call.func.attr != "compile" and (pattern := _evaluated(module, call)):
            yield FoundExpression(f"{module.__name__}:{call.lineno}", pattern, call.func.attr in ("match", "fullmatch"))
        elif call.func.attr == "compile" and (pattern := _evaluated(module, call)):
            yield FoundExpression(f"{module.__name__}:{call.lineno}", pattern, _is_anchored(module, tree, pattern))


def _evaluated(module: Any, call: ast.Call) -> re.Pattern[Any] | None:
    flags = [each.value for each in call.keywords if each.arg == "flags"]
    assert isinstance(call.func, ast.Attribute)
    place = {"compile": 1, "search": 2, "match": 2, "fullmatch": 2, "findall": 2, "finditer": 2}.get(call.func.attr, 4)
    flags += call.args[place : place + 1]
    try:
        values = [eval(compile(ast.Expression(each), "", "eval"), vars(module)) for each in [call.args[0], *flags]]  # noqa: S307
        return re.compile(values[0], values[1] if len(values) > 1 else 0)
    except (NameError, AttributeError, TypeError, re.error):
        return None


def _is_anchored(module: Any, tree: ast.AST, pattern: re.Pattern[Any]) -> bool:
    names = {name for name, value in vars(module).items() if value == pattern}
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names
    }
    return bool(used) and used <= {"match", "fullmatch", "pattern"}


def _held(module: Any, tree: ast.AST) -> Iterator[FoundExpression]:
    for name, value in list(vars(module).items()):
        for pattern in _patterns_in(value):
            yield FoundExpression(f"{module.__name__}.{name}", pattern, _is_anchored(module, tree, pattern))


def _patterns_in(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 4 and isinstance(value, (tuple, list, frozenset, set)):
        for each in value:
            yield from _patterns_in(each, depth + 1)
    elif depth < 4 and isinstance(value, Mapping):
        for each in value.values():
            yield from _patterns_in(each, depth + 1)
    elif depth < 4 and dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _patterns_in(getattr(value, field.name, None), depth + 1)


def _of_the_vocabulary() -> Iterator[FoundExpression]:
    from corpus.vocabulary import load_vocabulary
    from corpus.vocabulary.places import load_places
    from nlp.pipeline.terms import FACETS, _compiled, _needed

    for pattern in _patterns_in(load_places()):
        yield FoundExpression("corpus.vocabulary.places", pattern, is_anchored=False)
    vocabulary = load_vocabulary()
    terms = [term for facet in FACETS for term in vocabulary.terms(facet)]
    for one in [*terms, *vocabulary.activities]:
        for block in one.blocks:
            yield FoundExpression("blocks of the vocabulary", _compiled(block), is_anchored=False)
    for term in terms:
        if term.needs:
            yield FoundExpression("needs of the vocabulary", _needed(term.needs), is_anchored=False)


def hostile(pattern: re.Pattern[Any], *, characters: int) -> Iterator[str]:
    """Yield long strings on which an expression may loop: the common ones, and those made of its own repeats."""
    pieces = dict.fromkeys((*(("", each) for each in COMMON), *_pumps(pattern)))
    for head, pump in pieces:
        yield head + pump * (characters // len(pump)) + "\x01"


def _pumps(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str]]:
    """Yield, for each unbounded repeat, what stands before it and what it repeats; and both together, repeated."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    for head, body in _repeats(sre_parser.parse(source, pattern.flags & ~re.LOCALE & ~re.UNICODE), ""):
        if body:
            yield head[-40:], body
            yield "", head[-40:] + body


def _repeats(parts: Any, head: str) -> Iterator[tuple[str, str]]:
    for kind, value in parts:
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            _least, most, body = value
            if most == sre.MAXREPEAT or most >= 100:
                yield head, _sample(body)
            yield from _repeats(body, head)
        elif kind is sre.SUBPATTERN:
            yield from _repeats(value[3], head)
        elif kind is sre.ATOMIC_GROUP:
            yield from _repeats(value, head)
        elif kind is sre.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, head)
        elif kind in (sre.ASSERT, sre.ASSERT_NOT):
            yield from _repeats(value[1], head)
        head += _sample([(kind, value)])


_OF_CATEGORY = {sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "a", sre.CATEGORY_NOT_SPACE: "a"}


def _sample(parts: Any) -> str:
    """Return a short string that parts of an expression match, roughly."""
    text = ""
    for kind, value in parts:
        if kind is sre.LITERAL:
            text += chr(value)
        elif kind is sre.NOT_LITERAL:
            text += "a" if value != ord("a") else "b"
        elif kind is sre.ANY:
            text += "a"
        elif kind is sre.IN:
            text += _member(value)
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            text += _sample(value[2]) * max(1, min(value[0], 5))
        elif kind is sre.SUBPATTERN:
            text += _sample(value[3])
        elif kind is sre.ATOMIC_GROUP:
            text += _sample(value)
        elif kind is sre.BRANCH:
            text += _sample(value[1][0])
    return text


def _member(items: Any) -> str:
    is_negated = items[0][0] is sre.NEGATE
    chosen = [_one(each) for each in items if each[0] is not sre.NEGATE]
    if not is_negated:
        return chosen[0]
    return next((each for each in "a1 .-é(" if each not in chosen), "z")


def _one(item: Any) -> str:
    kind, value = item
    if kind is sre.LITERAL:
        return chr(value)
    return chr(value[0]) if kind is sre.RANGE else _OF_CATEGORY.get(value, "-")


def seconds_on(one: FoundExpression, text: str) -> float:
    """Return how long an expression takes on a text. Raises TooSlow after SECONDS_MAX."""
    subject: Any = text if isinstance(one.pattern.pattern, str) else text.encode("utf-8", "replace")

    def stop(*_: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS_MAX)
    try:
        started = time.process_time()
        if one.is_anchored:
            one.pattern.match(subject)
            one.pattern.fullmatch(subject)
        else:
            for _found in one.pattern.finditer(subject):
                pass
        return time.process_time() - started
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def slowest(one: FoundExpression, *, characters: int) -> tuple[float, str]:
    """Return the longest time on a hostile string, and why it is more than linear; empty when it is not."""
    worst = 0.0
    for short, long in zip(
        hostile(one.pattern, characters=characters // 2), hostile(one.pattern, characters=characters), strict=True
    ):
        shown = f"{long[:50]!r} ..."
        try:
            taken = seconds_on(one, long)
            worst = max(worst, taken)
            if taken < NOISE_SECONDS:
                continue
            half = min(seconds_on(one, short) for _ in range(2))
            taken = min(taken, *(seconds_on(one, long) for _ in range(2)))
            if taken > NOISE_SECONDS and taken > GROWTH_MAX * half:
                return worst, f"{taken / max(half, 1e-6):.1f} times as long for twice as much, {taken:.3f} s on {shown}"
        except TooSlow:
            return SECONDS_MAX, f"more than {SECONDS_MAX:g} s on {shown}"
    return worst, ""


def main() -> int:
    """Print every expression with its slowest time; exit with 1 when one is not linear."""
    characters = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    rows = [(*slowest(one, characters=characters), one) for one in expressions()]
    for worst, fault, one in sorted(rows, key=lambda row: (bool(row[1]), row[0])):
        print(
            f"{worst * 1000:9.2f} ms  {one.place:45} {one.pattern.pattern[:90]!r}{'  NOT LINEAR: ' + fault if fault else ''}"
        )
    for place in not_evaluated():
        print(f"made while it runs: {place}")
    bad = sum(bool(fault) for _, fault, _ in rows)
    print(f"{len(rows)} expressions, {bad} not linear, on {characters:,} characters.")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
