"""Run the content streams of a page on pdfminer's fonts and CMaps, and collect the spans of text that they show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextDevice, PDFTextSeq
from pdfminer.pdffont import PDFFont
from pdfminer.pdfinterp import PDFGraphicState, PDFPageInterpreter, PDFResourceManager, PDFStackT, PDFTextState
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFObjRef, PDFStream, dict_value, list_value, resolve1, stream_value
from pdfminer.utils import Matrix, Point

from nlp.reading.accents import UNDER_ACCENT_EMS, with_accent
from nlp.reading.actual_text import MarkedContent, MarkedContents, replaces, said_of
from nlp.reading.columns import in_columns
from nlp.reading.content import ALL_OPERANDS, run_content
from nlp.reading.directions import in_reading_order
from nlp.reading.glyphs import letters_of
from nlp.reading.letter_spacing import SPACED_LETTERS_MIN, Piece, join_spaced_letters, spaced_text
from nlp.reading.page_box import seen_box, within
from nlp.reading.printed_twice import without_second_prints
from nlp.reading.spans import SPACE_EMS, ShownText, blank_for
from nlp.reading.writing import is_right_to_left, reading_order

_LETTER_GAP_MAX = 1.3
"""Letter spacing (Tc) wider than this, in ems, puts glyphs into cells."""
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
    b"BMC": ("begin_marked", ALL_OPERANDS), b"BDC": ("begin_marked", ALL_OPERANDS), b"EMC": ("do_EMC", 0),
}  # fmt: skip
"""Operator -> method of the interpreter, number of operands. All others draw, and are skipped."""


class _Shown(NamedTuple):
    """A string in a font."""

    glyphs: list[str]
    text: str
    width: float
    """Ems."""
    spaces: int
    right_to_left: bool


class _Glyphs(dict[int, tuple[str, float]]):
    """Letters and widths (ems) of the glyphs of a font, looked up when they are first shown."""

    def __init__(self, font: PDFFont, *, trusts_font: bool) -> None:
        super().__init__()
        self._font = font
        self._trusts_font = trusts_font

    def __missing__(self, cid: int) -> tuple[str, float]:
        letters = letters_of(self._font, cid, trusts_font=self._trusts_font)
        glyph = self[cid] = letters, self._font.char_width(cid)
        return glyph


class SpanDevice(PDFTextDevice):
    """Collects the spans of the page that is being interpreted: one for each show operator, none for single glyphs."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self.spans: list[ShownText] = []
        self.images = 0
        """Pictures shown on the page."""
        self.forms = 0
        """Form XObjects run on the page."""
        self._letter_gap = 0.0
        """Of the string before, when it sets its letters apart, ems."""
        self.trusted: set[PDFFont] = set()
        """Fonts that say on their own which letters their glyphs are."""
        self._strings: dict[PDFFont, dict[bytes, _Shown]] = {}
        self._glyphs: dict[PDFFont, _Glyphs] = {}

    def begin_page(self, page: PDFPage, ctm: Matrix) -> None:
        """Forget the page before."""
        self.spans = []
        self.images = self.forms = 0

    def render_image(self, name: str, stream: PDFStream) -> None:
        """Count a picture; its pixels are not looked at."""
        self.images += 1

    def _shown(self, font: PDFFont, string: bytes) -> _Shown:
        table = self._glyphs.get(font)
        if table is None:
            table = self._glyphs[font] = _Glyphs(font, trusts_font=font in self.trusted)
        cids = tuple(font.decode(string))
        found = [table[cid] for cid in cids]
        letters = [letter for letter, _width in found]
        text = "".join(letters)
        return _Shown(letters, text, sum([width for _letter, width in found]), cids.count(32), is_right_to_left(text))

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
        start, end, right_to_left = x, x, False
        texts: list[str] = []
        glyphs: list[str] = []
        em = fontsize * scaling
        letter_gap = charspace / em if em else 0.0
        # Letters drawn together by Tc are often set apart again one by one; drawn far apart by it, they are cells.
        tightening = letter_gap if letter_gap < 0 or letter_gap > _LETTER_GAP_MAX else 0.0
        blanks, gap = 0, 0.0
        strings = self._strings.get(font)
        if strings is None:
            strings = self._strings[font] = {}
        for item in seq:
            if isinstance(item, float):
                x -= item * dxscale
                gap -= item * 0.001
            elif isinstance(item, bytes):
                shown = strings.get(item) or self._remembered(font, item)
                gap += tightening
                if not glyphs:
                    start = x  # the move before it may stand for a blank: TeX begins so what is a link
                elif gap > SPACE_EMS and (blank := blank_for(gap, before=texts[-1], after=shown.text)):
                    texts.append(blank)
                    glyphs.append(blank)
                    blanks += 1
                elif gap < UNDER_ACCENT_EMS and (both := with_accent(texts[-1], shown.text)):
                    texts[-1], text = both
                    shown = shown._replace(text=text)
                gap = 0.0
                texts.append(shown.text)
                glyphs += shown.glyphs
                right_to_left |= shown.right_to_left
                x += shown.width * em + len(shown.glyphs) * charspace + shown.spaces * wordspace
                end = x
        if texts:
            text = reading_order(glyphs) if right_to_left else "".join(texts)
            if tightening > 0:
                text = self._far_apart(seq, font=font, letter_gap=letter_gap)
            elif blanks >= SPACED_LETTERS_MIN - 1 and not right_to_left:
                text = self._without_letter_spacing(seq, font=font) or text
            else:
                self._letter_gap = 0.0
            end -= tightening * em
            a, b, c, d, e, f = matrix
            base = y + rise
            self.spans.append(
                ShownText(
                    text,
                    a * start + c * base + e,
                    b * start + d * base + f,
                    a * end + c * base + e,
                    b * end + d * base + f,
                    abs(fontsize) * (c * c + d * d) ** 0.5,
                    font.fontname or "",
                )
            )
        return x, y

    def _without_letter_spacing(self, seq: PDFTextSeq, *, font: PDFFont) -> str | None:
        """Return the words of a string that sets its letters apart; None when it does not."""
        pieces = [Piece("".join(glyphs), gap) for glyphs, gap in self._glyphs_and_gaps(seq, font=font)]
        spaced = spaced_text(pieces, space=SPACE_EMS, before=self._letter_gap)
        self._letter_gap = spaced.gap if spaced else 0.0
        return spaced.text if spaced else None

    def _far_apart(self, seq: PDFTextSeq, *, font: PDFFont, letter_gap: float) -> str:
        """Return the text of a string whose glyphs are put into the cells of a row by their spacing (Tc), `letter_gap` ems."""
        texts: list[str] = []
        for glyphs, before in self._glyphs_and_gaps(seq, font=font):
            for number, glyph in enumerate(glyphs):
                gap = letter_gap + (0.0 if number else before)
                if texts and (blank := blank_for(gap, before=texts[-1], after=glyph)):
                    texts.append(blank)
                texts.append(glyph)
        return "".join(texts)

    def _glyphs_and_gaps(self, seq: PDFTextSeq, *, font: PDFFont) -> Iterator[tuple[list[str], float]]:
        """Yield the glyphs of each piece of a string, and the gap before it in ems."""
        gap = 0.0
        for item in seq:
            if isinstance(item, float):
                gap -= item * 0.001
            elif isinstance(item, bytes):
                yield self._remembered(font, item).glyphs, gap
                gap = 0.0

    def replace_text(self, marked: MarkedContent) -> None:
        """Let the spans since a sequence of marked content began say what it says that they mean."""
        spans = self.spans[marked.start :]
        if not spans or not replaces(marked.text, [span.text for span in spans]):
            return
        first, last = spans[0], spans[-1]
        is_one_line = abs(last.y0 - first.y0) < first.size and last.x1 > first.x0
        end = last if is_one_line else first
        self.spans[marked.start :] = [first._replace(text=marked.text, x1=end.x1, y1=end.y1)]

    render_string_vertical = render_string_horizontal


class TextInterpreter(PDFPageInterpreter):
    """Runs only what moves or shows text, and counts pictures. Never runs without end, whatever the page holds."""

    device: SpanDevice

    def __init__(self, rsrcmgr: PDFResourceManager, device: SpanDevice) -> None:
        super().__init__(rsrcmgr, device)
        self._depth = 0
        self._states_lost = 0
        self._marked = MarkedContents()
        self._properties: object = None

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
            font = self.fontmap[name] = self.rsrcmgr.get_font(number, dict_value(spec))
            if _says_letters(dict_value(spec)):
                self.device.trusted.add(font)
        self._properties = given.get("Properties")
        self._marked = MarkedContents()
        self.xobjmap.update(dict_value(given.get("XObject", {})))

    def execute(self, streams: Sequence[object]) -> None:
        """Run content streams as one."""
        self.stream_ids.clear()
        parts = []
        for stream in map(stream_value, streams):
            # A form may not contain itself. What has no number cannot be distinguished, and is run.
            if stream.objid is None or stream.objid not in self.parent_stream_ids:
                if stream.objid is not None:
                    self.stream_ids.add(stream.objid)
                parts.append(stream.get_data())
        operators = {operator: (getattr(self, name), count) for operator, (name, count) in _OPERATORS.items()}
        run_content(b"\n".join(parts), operators, on_inline_image=self._see_inline_image)

    def _see_inline_image(self) -> None:
        self.device.images += 1

    def begin_marked(self, operands: list[object]) -> None:
        """Begin marked content, with a property list (BDC) or without (BMC)."""
        self._marked.begin(said_of(operands, self._properties), start=len(self.device.spans))

    def do_EMC(self) -> None:  # noqa: N802  named by pdfminer, after the operator
        """End the marked content that began last."""
        ended = self._marked.end()
        if ended is not None and ended.text:
            self.device.replace_text(ended)

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


def _says_letters(spec: dict[object, object]) -> bool:
    """Say whether a font names an encoding, or numbers its glyphs as the file embedded in it does."""
    if "DescendantFonts" not in spec:
        return "Encoding" in spec
    inner = list_value(spec["DescendantFonts"])[:1]
    has_own_numbers = any(isinstance(resolve1(dict_value(each).get("CIDToGIDMap")), PDFStream) for each in inner)
    return not has_own_numbers and str(getattr(spec.get("Encoding"), "name", "")).startswith("Identity")


def page_spans(page: PDFPage, *, interpreter: TextInterpreter) -> list[ShownText]:
    """Return the spans that a reader of a page sees, in the order in which the page shows them.

    Raises whatever pdfminer raises on a broken font or stream.
    """
    list_value(page.contents)  # a /Contents that is not a list of streams raises here, with its own words
    interpreter.stream_ids.clear()
    interpreter.parent_stream_ids.clear()
    interpreter.process_page(page)
    seen = without_second_prints(within(interpreter.device.spans, seen_box(page)))
    return in_reading_order(in_columns(join_spaced_letters(seen, space=SPACE_EMS)))
