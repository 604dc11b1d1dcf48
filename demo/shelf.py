"""The PDFs of the sample publisher, made once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from demo.publication import Publication


class PdfShelf:
    """PDFs made when they are first asked for, then kept in memory and, when a folder is given, on disk.

    May be used by several threads.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._kept: dict[tuple[str, bool], bytes] = {}
        self._lock = threading.Lock()  # reportlab keeps fonts and styles in module state
        self._press: Callable[..., bytes] | None = None

    def pdf(self, publication: Publication, *, corrected: bool = False) -> bytes:
        """Return the PDF of a publication; corrected: its second edition, other bytes."""
        key = (publication.slug, corrected)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = self._from_folder(publication, corrected=corrected)
            return self._kept[key]

    def _from_folder(self, publication: Publication, *, corrected: bool) -> bytes:
        if self._folder is None:
            return self._make(publication, corrected=corrected)
        path = self._folder / f"{publication.slug}{'-corrected' if corrected else ''}.pdf"
        if path.is_file():
            return path.read_bytes()
        made = self._make(publication, corrected=corrected)
        self._folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(made)
        part.replace(path)
        return made

    def _make(self, publication: Publication, *, corrected: bool) -> bytes:
        if self._press is None:
            self._press = open_press()
        return self._press(publication, corrected=corrected)


def open_press() -> Callable[..., bytes]:
    """Return `make_pdf`; reportlab takes half a second to load, which a site without readers need not pay."""
    from demo.pdf import make_pdf

    return make_pdf
