"""Read PDF content streams: only what moves or shows text, one compiled expression in place of a byte-by-byte lexer.

Syntax after ISO 32000-1, 7.2 (lexical conventions) and 7.8 (content streams). pdfminer's own lexer walks almost byte by
byte and was three quarters of the time; here one match takes a whole token, a whole TJ array, or a whole run of drawing
operators. Possessive quantifiers and atomic groups (Python 3.11) keep it linear on hostile input.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from pdfminer.psparser import LIT, PSLiteral

Operand = float | bytes | PSLiteral | list["Operand"]
"""A number, a string's bytes, a name, or an array of these."""

Operators = Mapping[bytes, tuple[Callable[..., None], int]]
"""Operator -> what to call, and with how many operands; ALL_OPERANDS: with the list of those that there are."""

ALL_OPERANDS = -1

_PARTS = {
    b"number": rb"[-+]?(?:\d++(?:\.[-\d]*+)?|\.\d++)",
    b"space": rb"[\x00\t\n\x0c\r ]",
    b"string": rb"\((?>[^()\\]++|\\.)*+\)",
    b"hex": rb"<[0-9A-Fa-f\x00\t\n\x0c\r ]*+>",
    b"end": rb"(?=[\x00\t\n\x0c\r /\[(<]|\Z)",
}
_TOKEN = re.compile(
    rb"""(?>%(space)s++|%%[^\r\n]*+)*+
    (?:
      \[(?P<show>(?>[^()<>\[\]/A-Za-z]++|%(string)s|%(hex)s)*+)\]%(space)s*+TJ
    | (?P<move>(?>%(number)s%(space)s++){2}T[dD]%(end)s)
    | (?P<matrix>(?>%(number)s%(space)s++){6}(?:Tm|cm)%(end)s)
    | (?P<paint>(?>(?:%(number)s%(space)s++){0,6}
        (?:[mlcvyhfFSsnwJjMid]|re|f\*|W\*?|B\*?|b\*?|rg|RG|[gGkK]|sc|SC|scn|SCN|ri)%(end)s%(space)s*+)++)
    | (?:/[A-Za-z0-9_]++%(space)s++(?:gs|cs|CS|ri|sh)%(end)s%(space)s*+)++
    | /(?P<font>[A-Za-z0-9_+-]++)%(space)s++(?P<size>%(number)s)%(space)s++Tf%(end)s
    | (?P<spacing>%(number)s%(space)s++T[cwLzs]%(end)s)
    | (?P<marked>/[A-Za-z0-9_]++%(space)s*+<<[^<>()]*+>>%(space)s*+BDC%(end)s)
    | (?P<number>%(number)s)
    | (?P<string>%(string)s)
    | (?P<hex>%(hex)s)
    | (?P<operator>[A-Za-z'"][A-Za-z0-9*'"]*+)
    | /(?P<name>[^\x00\t\n\x0c\r ()<>\[\]{}/%%]*+)
    | (?P<bracket>\[|\]|<<|>>)
    | (?P<nested>\()
    | (?P<other>.)
    | \Z
    )"""
    % _PARTS,
    re.VERBOSE | re.DOTALL,
)
_SHOWN = re.compile(rb"\(((?>[^()\\]++|\\.)*+)\)|<([0-9A-Fa-f\x00\t\n\x0c\r ]*+)>|(%(number)s)" % _PARTS, re.DOTALL)
_IMAGE_DATA, _IMAGE_END = re.compile(rb"\sID\s"), re.compile(rb"\sEI(?=\s|\Z)")
_PARENTHESIS = re.compile(rb"\\.|[()]", re.DOTALL)
_ESCAPE = re.compile(rb"\\([nrtbf()\\]|[0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\r\n": b"", b"\r": b"", b"\n": b""}

_OPERANDS_MAX = 512
"""No operator takes as many (only arrays are longer); a stream of nothing but numbers must not fill the memory."""


def run_content(data: bytes, operators: Operators, *, on_inline_image: Callable[[], None]) -> None:
    """Call the operators of a content stream in order; all that is not in `operators` is skipped.

    Takes time in proportion to the length of the data, whatever the bytes are; raises nothing of its own.
    """
    _ContentReader(data, operators, on_inline_image).run()


class _ContentReader:
    """One pass over one content stream."""

    def __init__(self, data: bytes, operators: Operators, on_inline_image: Callable[[], None]) -> None:
        self._data = data
        self._operators = operators
        self._on_inline_image = on_inline_image
        self._at = 0
        self._stack: list[Operand] = []
        self._outer: list[list[Operand]] = []
        """Stacks around the array that is being read."""

    def run(self) -> None:
        data, size, match = self._data, len(self._data), _TOKEN.match
        takers = {
            "show": self._show, "move": self._move, "matrix": self._matrix, "paint": self._paint,
            "size": self._font, "spacing": self._spacing, "marked": self._marked, "number": self._number,
            "string": self._string, "hex": self._hex, "nested": self._nested,
            "name": self._name, "bracket": self._bracket, "operator": self._operator,
        }  # fmt: skip
        while self._at < size:
            found = match(data, self._at)
            if found is None:  # cannot be: one alternative takes any byte, another the end
                return
            self._at = found.end()
            if taker := takers.get(found.lastgroup or ""):
                taker(found)

    def _call(self, operator: bytes, *operands: Operand) -> None:
        if known := self._operators.get(operator):
            known[0](*operands)

    def _show(self, found: re.Match[bytes]) -> None:
        shown: list[Operand] = [
            to_number(number) if number else unhex(hexed) if hexed else unescape(text)
            for text, hexed, number in _SHOWN.findall(found["show"])
        ]
        self._stack.clear()
        self._call(b"TJ", shown)

    def _move(self, found: re.Match[bytes]) -> None:
        x, y, operator = found["move"].replace(b"\0", b" ").split()
        self._stack.clear()
        self._call(operator, to_number(x), to_number(y))

    def _matrix(self, found: re.Match[bytes]) -> None:
        *six, operator = found["matrix"].replace(b"\0", b" ").split()
        self._stack.clear()
        self._call(operator, *map(to_number, six))

    def _font(self, found: re.Match[bytes]) -> None:
        self._stack.clear()
        self._call(b"Tf", LIT(found["font"].decode("latin-1")), to_number(found["size"]))

    def _spacing(self, found: re.Match[bytes]) -> None:
        number, operator = found["spacing"].replace(b"\0", b" ").split()
        self._stack.clear()
        self._call(operator, to_number(number))

    def _paint(self, _found: re.Match[bytes]) -> None:
        self._stack.clear()

    def _marked(self, _found: re.Match[bytes]) -> None:
        """Begin marked content whose properties hold no strings: the commonest, and nothing is said of its text."""
        self._stack.clear()
        self._call(b"BDC", [])

    def _push(self, operand: Operand) -> None:
        self._stack.append(operand)
        if len(self._stack) > _OPERANDS_MAX and not self._outer:
            del self._stack[:-6]

    def _number(self, found: re.Match[bytes]) -> None:
        self._push(to_number(found["number"]))

    def _string(self, found: re.Match[bytes]) -> None:
        self._push(unescape(found["string"][1:-1]))

    def _hex(self, found: re.Match[bytes]) -> None:
        self._push(unhex(found["hex"][1:-1]))

    def _nested(self, found: re.Match[bytes]) -> None:
        raw, self._at = _nested_string(self._data, found.end())
        self._push(unescape(raw))

    def _name(self, found: re.Match[bytes]) -> None:
        self._push(LIT(found["name"].decode("latin-1")))

    def _bracket(self, found: re.Match[bytes]) -> None:
        if found["bracket"] == b"[" and len(self._outer) < _OPERANDS_MAX:
            self._outer.append(self._stack)
            self._stack = []
        elif found["bracket"] == b"]" and self._outer:
            array, self._stack = self._stack, self._outer.pop()
            self._push(array)

    def _operator(self, found: re.Match[bytes]) -> None:
        operator = found["operator"]
        if operator == b"BI":
            self._skip_inline_image()
        elif not self._outer and (known := self._operators.get(operator)):
            method, count = known
            if count == ALL_OPERANDS:
                method(self._stack)
            elif len(self._stack) >= count:
                method(*self._stack[len(self._stack) - count :])
        self._stack = []
        self._outer.clear()

    def _skip_inline_image(self) -> None:
        """Go behind an inline image; one that never ends takes the rest of the stream."""
        pixels = _IMAGE_DATA.search(self._data, self._at)
        end = pixels and _IMAGE_END.search(self._data, pixels.end())
        self._at = end.end() if end else len(self._data)
        self._on_inline_image()


def to_number(token: bytes) -> float:
    """Return the number that a token stands for; 0 for such as `1.-2`."""
    try:
        return float(token)
    except ValueError:
        return 0.0


def unescape(raw: bytes) -> bytes:
    """Return the bytes of a literal string, given what is between its outer parentheses."""

    def one(found: re.Match[bytes]) -> bytes:
        code = found[1]
        return bytes((int(code, 8) & 255,)) if code[:1] in b"01234567" else _ESCAPES.get(code, code)

    return _ESCAPE.sub(one, raw) if b"\\" in raw else raw


def unhex(raw: bytes) -> bytes:
    """Return the bytes of a hexadecimal string; a missing last digit is 0."""
    digits = raw.translate(None, b"\x00\t\n\x0c\r ")
    return bytes.fromhex((digits + b"0" if len(digits) & 1 else digits).decode())


def _nested_string(data: bytes, start: int) -> tuple[bytes, int]:
    """Return a string with parentheses inside it, and where it ends; `start` is after its opening one."""
    depth = 1
    for found in _PARENTHESIS.finditer(data, start):
        if found[0] == b"(":
            depth += 1
        elif found[0] == b")":
            depth -= 1
            if not depth:
                return data[start : found.start()], found.end()
    return data[start:], len(data)
