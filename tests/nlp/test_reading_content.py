"""Content streams: what they show, and that no bytes whatever make reading them raise, hang or take more than its time."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.reading.content import run_content, unescape, unhex
from nlp.reading.paragraphs import SeenWords, join_broken_words
from nlp.reading.writing import plain_characters, reading_order


def called(data: bytes) -> list[tuple[Any, ...]]:
    """Return what text operators a stream calls, with operands."""
    calls: list[tuple[Any, ...]] = []

    def note(name: str):
        return lambda *operands: calls.append((name, *operands))

    counts = {"BT": 0, "Tf": 2, "Tm": 6, "Td": 2, "Tj": 1, "TJ": 1, "'": 1, '"': 3, "q": 0, "Q": 0, "cm": 6, "Do": 1}
    operators = {name.encode(): (note(name), count) for name, count in counts.items()}
    run_content(data, operators, on_inline_image=lambda: calls.append(("image",)))
    return calls


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"BT 1 0 0 1 72 700 Tm (Hi) Tj", [("BT",), ("Tm", 1, 0, 0, 1, 72, 700), ("Tj", b"Hi")]),
        (b"[(A) -250 (B) <4344>] TJ", [("TJ", [b"A", -250, b"B", b"CD"])]),
        (rb"(a \(b\) \101 c\\) Tj", [("Tj", b"a (b) A c\\")]),
        (b"(a (nested (twice)) b) Tj", [("Tj", b"a (nested (twice)) b")]),
        (b"[(a (nested) b) 3] TJ", [("TJ", [b"a (nested) b", 3])]),
        (b"0 0 m 10 10 l S 1 0 0 rg (x) Tj", [("Tj", b"x")]),
        (b"% a comment (no) Tj\n(yes) Tj", [("Tj", b"yes")]),
        (b"BI /W 1 ID \x00(no) Tj\xff EI (yes) Tj", [("image",), ("Tj", b"yes")]),
        (b'1 2 (x) "', [('"', 1, 2, b"x")]),
        (b"Tj (late) Tj", [("Tj", b"late")]),
        (b"(x)Tj(y)'", [("Tj", b"x"), ("'", b"y")]),
    ],
)
def test_operators_get_their_operands(data: bytes, expected: list[tuple[Any, ...]]) -> None:
    assert called(data) == expected


def test_an_operator_inside_an_array_is_damage_and_what_follows_is_read() -> None:
    assert called(b"[(in) [(deeper)] Tj ] TJ (after) Tj")[-1] == ("Tj", b"after")


_PIECES = st.sampled_from(
    [b"(", b")", b"[", b"]", b"<", b">", b"<<", b">>", b"/N", b"\\", b" ", b"\n", b"1", b"-.5", b"1.-2", b"Tj", b"TJ",
     b"Tm", b"cm", b"BI", b"ID", b"EI", b"q", b"Q", b"Do", b"%", b"re", b"0 0 m ", b"\x00", b"\xff", b"{", b"'", b'"']
)  # fmt: skip


@given(st.one_of(st.binary(max_size=300), st.lists(_PIECES, max_size=80).map(b"".join)))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    called(data)


@pytest.mark.parametrize(
    "unit",
    [
        b"(",
        b"[",
        b"<",
        b"1 ",
        b"1",
        b"-",
        b".",
        b"[(a)",
        b"(\\",
        b"BI ",
        b"BI ID ",
        b"0 0 m ",
        b"0 0 ",
        b"1 2 3 4 5 6 ",
        b"/",
        b"%",
        b"<<",
    ],
)
def test_time_grows_with_the_length_only(unit: bytes) -> None:
    def seconds(data: bytes) -> float:
        started = time.perf_counter()
        called(data)
        return time.perf_counter() - started

    short, long = (unit * (size // len(unit)) for size in (50_000, 400_000))
    best_short = min(seconds(short) for _ in range(3))
    # Eight times the length: a quadratic reader would take 64 times as long. Below a few milliseconds it is all noise.
    assert seconds(long) < 30 * max(best_short, 0.004)


@given(st.binary(max_size=100))
def test_escapes_never_grow(raw: bytes) -> None:
    assert len(unescape(raw)) <= len(raw)


@pytest.mark.parametrize(("raw", "expected"), [(b"48 65", b"He"), (b"4", b"@"), (b"", b""), (b"\n41\x00", b"A")])
def test_hexadecimal_strings(raw: bytes, expected: bytes) -> None:
    assert unhex(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("e\ufb00ort, o\ufb03ce", "effort, office"),
        ("½ m² x™", "½ m² x™"),
        ("informalite\u0301", "informalité"),
        ("a\u00a0b\u2009c", "a b c"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("one\r\ntwo\u2028three", "one\ntwo\nthree"),
        ("a\x00b\ud800c", "abc"),
    ],
)
def test_characters_are_those_a_person_would_type(raw: str, expected: str) -> None:
    assert plain_characters(raw) == expected


@given(st.text())
def test_characters_are_settled_after_one_pass(text: str) -> None:
    once = plain_characters(text)
    assert plain_characters(once) == once
    once.encode()  # no lone surrogates are left


def test_arabic_glyphs_come_in_reading_order_and_numbers_keep_theirs() -> None:
    assert reading_order(["2", "0", "1", "5", " ", "م", "ا", "ع"]) == "عام 2015"


@given(st.lists(st.text(alphabet="ab- \u00adé", max_size=12), max_size=12))
def test_joining_broken_words_loses_no_letter(lines: list[str]) -> None:
    joined = join_broken_words(lines, words=SeenWords())
    assert [letter for letter in joined if letter.isalpha()] == [
        each for line in lines for each in line if each.isalpha()
    ]
