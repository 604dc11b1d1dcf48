"""Run the content streams of a page on pdfminer's fonts and CMaps, and collect the spans of text that they show."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextDevice, PDFTextSeq
from pdfminer.pdffont import PDFFont, PDFSimpleFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFGraphicState, PDFPageInterpreter, PDFResourceManager, PDFStackT, PDFTextState
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFObjRef, PDFStream, dict_value, list_value, stream_value
from pdfminer.utils import Matrix, Point

from nlp.reading.content import run_content
from nlp.reading.writing import is_right_to_left, reading_order

UNREADABLE = "\ufffd"
"""Stands for a glyph whose font does not say which letter it is."""

BULLET = "•"
_BULLETS = frozenset((0x7F, 0x81, 0x8D, 0x8F, 0x90, 0x9D))
"""Codes that WinAnsiEncoding leaves unused stand for the bullet (ISO 32000-1, annex D.2, note 3); pdfminer knows none."""

SPACE_EMS = 0.18
"""A gap wider than this, in ems, is a space; smaller ones are kerning. Chosen by agreement with the publishers' own text."""

CELL_GAP_EMS = 1.5
"""Wider gaps are those between the cells of a row or between columns."""
NUMBER_GAP_EMS = 0.6
"""Between two numbers, this is one: the space inside a number, before its thousands, is narrower."""
CELL_GAP = "  "
"""Stands between cells."""

_FORMS_MAX = 2_000
"""Form XObjects run on one page, those inside others counted: two that each show the next twice make 2^n of them."""
_DEPTH_MAX = 30
"""Forms inside forms; real pages have three or four."""
_STATES_MAX = 1_000
"""Graphics states kept; ISO 32000-1, annex C, promises 28."""
_STRINGS_MAX = 20_000
"""Strings remembered for one font; then the memory is emptied, so that it does not grow with the document."""

_OPERATORS: Mapping[bytes, tuple[str, int]] = {
    b"BT": ("do_BT", 0), b"Tf": ("do_Tf", 2), b"Tm": ("do_Tm", 6), b"Td": ("do_Td", 2), b"TD": ("do_TD", 2),
    b"T*": ("do_T_a", 0), b"Tj": ("do_Tj", 1), b"TJ": ("do_TJ", 1), b"'": ("do__q", 1), b'"': ("do__w", 3),
    b"Tc": ("do_Tc", 1), b"Tw": ("do_Tw", 1), b"Tz": ("do_Tz", 1), b"TL": ("do_TL", 1), b"q": ("do_q", 0),
    b"Q": ("do_Q", 0), b"Ts": ("do_Ts", 1), b"cm": ("do_cm", 6), b"Do": ("do_Do", 1),
}  # fmt: skip
"""Operator -> method of the interpreter, number of operands. All others draw, and are skipped."""


class ShownText(NamedTuple):
    """What one operator shows; coordinates in PDF points from the lower left corner of the page as it is seen."""

    text: str
    x0: float
    """Where it begins, on its baseline."""
    y0: float
    x1: float
    """Where it ends."""
    y1: float
    size: float
    """Height of the type, points."""
    font: str
    """Name of the font, such as `ABCDEF+Times-Bold`."""


class _Shown(NamedTuple):
    """A string in a font."""

    glyphs: list[str]
    text: str
    width: float
    """Ems."""
    spaces: int
    right_to_left: bool


class SpanDevice(PDFTextDevice):
    """Collects the spans of the page that is being interpreted: one for each show operator, none for single glyphs."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self.spans: list[ShownText] = []
        self.images = 0
        """Pictures shown on the page."""
        self.forms = 0
        """Form XObjects run on the page."""
        self._strings: dict[PDFFont, dict[bytes, _Shown]] = {}
        self._glyphs: dict[PDFFont, dict[int, tuple[str, float]]] = {}

    def begin_page(self, page: PDFPage, ctm: Matrix) -> None:
        """Forget the page before."""
        self.spans = []
        self.images = self.forms = 0

    def render_image(self, name: str, stream: PDFStream) -> None:
        """Count a picture; its pixels are not looked at."""
        self.images += 1

    def _shown(self, font: PDFFont, string: bytes) -> _Shown:
        glyphs = self._glyphs.setdefault(font, {})
        letters, width, spaces = [], 0.0, 0
        for cid in font.decode(string):
            glyph = glyphs.get(cid)
            if glyph is None:
                try:
                    letter = font.to_unichr(cid)
                except PDFUnicodeNotDefined:
                    letter = BULLET if cid in _BULLETS and isinstance(font, PDFSimpleFont) else UNREADABLE
                glyph = glyphs[cid] = (letter, font.char_width(cid))
            letters.append(glyph[0])
            width += glyph[1]
            spaces += cid == 32
        text = "".join(letters)
        return _Shown(letters, text, width, spaces, is_right_to_left(text))

    def _remembered(self, font: PDFFont, string: bytes) -> _Shown:
        strings = self._strings.setdefault(font, {})
        shown = strings.get(string)
        if shown is None:
            if len(strings) >= _STRINGS_MAX:
                strings.clear()
            shown = strings[string] = self._shown(font, string)
        return shown

    def render_string_horizontal(
        self,
        seq: PDFTextSeq,
        matrix: Matrix,
        pos: Point,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        charspace: float,
        wordspace: float,
        rise: float,
        dxscale: float,
        ncs: PDFColorSpace,
        graphicstate: PDFGraphicState,
    ) -> Point:
        """Add a span for what one operator shows, and return where the next one starts."""
        x, y = pos
        start, right_to_left = x, False
        texts: list[str] = []
        glyphs: list[str] = []
        wide = False
        em = fontsize * scaling
        for item in seq:
            if isinstance(item, float):
                step = -item * dxscale
                x += step
                if step > SPACE_EMS * abs(em) and texts:
                    blank = _blank(step, em=abs(em), after=texts[-1])
                    texts.append(blank)
                    glyphs += blank
                    wide = step >= NUMBER_GAP_EMS * abs(em) and blank == " "
            elif isinstance(item, bytes):
                shown = self._remembered(font, item)
                if wide and are_numbers(texts[-2] if len(texts) > 1 else "", shown.text):
                    texts.append(" ")
                    glyphs.append(" ")
                wide = False
                texts.append(shown.text)
                glyphs += shown.glyphs
                right_to_left |= shown.right_to_left
                x += shown.width * em + len(shown.glyphs) * charspace + shown.spaces * wordspace
        if texts:
            text = reading_order(glyphs) if right_to_left else "".join(texts)
            a, b, c, d, e, f = matrix
            base = y + rise
            self.spans.append(
                ShownText(
                    text,
                    a * start + c * base + e,
                    b * start + d * base + f,
                    a * x + c * base + e,
                    b * x + d * base + f,
                    abs(fontsize) * (c * c + d * d) ** 0.5,
                    font.fontname or "",
                )
            )
        return x, y

    render_string_vertical = render_string_horizontal


def are_numbers(before: str, after: str) -> bool:
    """Say whether a text ends with a number and another begins with one."""
    return before.rstrip()[-1:].isdigit() and after.lstrip(" -–+(")[:1].isdigit()


def _blank(step: float, *, em: float, after: str) -> str:
    """Return what a step between two glyphs is in text: the gap between cells, a space, or nothing where one is."""
    if after.endswith(" "):
        return " " if step >= CELL_GAP_EMS * em and not after.endswith("  ") else ""
    return CELL_GAP if step >= CELL_GAP_EMS * em else " "


class TextInterpreter(PDFPageInterpreter):
    """Runs only what moves or shows text, and counts pictures. Never runs without end, whatever the page holds."""

    device: SpanDevice

    def __init__(self, rsrcmgr: PDFResourceManager, device: SpanDevice) -> None:
        super().__init__(rsrcmgr, device)
        self._depth = 0
        self._states_lost = 0

    def subinterp(self) -> TextInterpreter:
        """Return an interpreter for a form inside this content."""
        inner = super().subinterp()
        assert isinstance(inner, TextInterpreter)
        inner._depth = self._depth + 1
        return inner

    def init_resources(self, resources: dict[object, object]) -> None:
        """Prepare fonts and XObjects; colours do not matter for text, and the broken ones raise."""
        self.resources = resources
        self.fontmap: dict[object, PDFFont] = {}
        self.xobjmap: dict[object, object] = {}
        self.csmap: dict[str, PDFColorSpace] = {}
        given = dict_value(resources) if resources else {}
        for name, spec in dict_value(given.get("Font", {})).items():
            number = spec.objid if isinstance(spec, PDFObjRef) else None
            self.fontmap[name] = self.rsrcmgr.get_font(number, dict_value(spec))
        self.xobjmap.update(dict_value(given.get("XObject", {})))

    def execute(self, streams: Sequence[object]) -> None:
        """Run content streams as one."""
        self.stream_ids.clear()
        parts = []
        for stream in map(stream_value, streams):
            # A form may not contain itself. What has no number cannot be told apart, and is run.
            if stream.objid is None or stream.objid not in self.parent_stream_ids:
                if stream.objid is not None:
                    self.stream_ids.add(stream.objid)
                parts.append(stream.get_data())
        operators = {operator: (getattr(self, name), count) for operator, (name, count) in _OPERATORS.items()}
        run_content(b"\n".join(parts), operators, on_inline_image=self._see_inline_image)

    def _see_inline_image(self) -> None:
        self.device.images += 1

    def do_q(self) -> None:
        """Save what matters for text of the graphics state."""
        if len(self.gstack) >= _STATES_MAX:
            self._states_lost += 1
        else:
            self.gstack.append((self.ctm, self.textstate.copy(), self.graphicstate))

    def do_Q(self) -> None:  # noqa: N802  named by pdfminer, after the operator
        """Restore it."""
        if self._states_lost:
            self._states_lost -= 1
        else:
            super().do_Q()

    def do_TJ(self, seq: PDFStackT) -> None:  # noqa: N802  named by pdfminer, after the operator
        """Show text."""
        if self.textstate.font is not None and isinstance(seq, list):
            state: PDFTextState = self.textstate
            self.device.render_string(state, seq, _NO_COLOUR, self.graphicstate)

    def do__w(self, aw: PDFStackT, ac: PDFStackT, s: PDFStackT) -> None:
        """Set word and character spacing, go to the next line, show text; pdfminer forgets the next line."""
        self.do_Tw(aw)
        self.do_Tc(ac)
        self.do__q(s)

    def do_Do(self, xobjid_arg: PDFStackT) -> None:  # noqa: N802  named by pdfminer, after the operator
        """Run a form, or count a picture."""
        self.device.forms += 1
        if self.device.forms <= _FORMS_MAX and self._depth < _DEPTH_MAX:
            super().do_Do(xobjid_arg)


_NO_COLOUR: Any = None
"""The device does not ask for colours."""


def page_spans(page: PDFPage, *, interpreter: TextInterpreter) -> list[ShownText]:
    """Return the spans of a page, in the order in which the page shows them.

    Raises whatever pdfminer raises on a broken font or stream.
    """
    list_value(page.contents)  # a /Contents that is no list of streams raises here, with its own words
    interpreter.stream_ids.clear()
    interpreter.parent_stream_ids.clear()
    interpreter.process_page(page)
    return interpreter.device.spans


def is_unreadable(letter: str) -> bool:
    """Say whether a character is none that a person could read: not in the font, private, or unassigned."""
    return letter == UNREADABLE or unicodedata.category(letter) in ("Co", "Cn", "Cs")
