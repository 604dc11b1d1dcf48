"""BibTeX entries, which BibTeX, biber and pandoc read."""

from __future__ import annotations

from collections.abc import Mapping

from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.middlewares.parsestack import default_unparse_stack
from bibtexparser.model import Entry, Field
from bibtexparser.writer import BibtexFormat

from search_api.answers.citations.names import Name
from search_api.answers.citations.reference import Reference, ReferenceKind

_TYPES: Mapping[ReferenceKind, str] = {
    ReferenceKind.ARTICLE: "article",
    ReferenceKind.BOOK: "book",
    ReferenceKind.CHAPTER: "incollection",
    ReferenceKind.REPORT: "techreport",
    ReferenceKind.THESIS: "phdthesis",
    ReferenceKind.LAW: "legislation",
    ReferenceKind.WEB_PAGE: "online",
}
"""The last two are biblatex's: biber, pandoc and reference managers know them, and BibTeX's own styles print them as `misc`."""
_PUBLISHER: Mapping[ReferenceKind, str] = {
    ReferenceKind.ARTICLE: "publisher",
    ReferenceKind.BOOK: "publisher",
    ReferenceKind.CHAPTER: "publisher",
    ReferenceKind.REPORT: "institution",
    ReferenceKind.THESIS: "school",
}
_LANGUAGES = {"en": "english", "es": "spanish", "fr": "french", "pt": "portuguese"}
"""As babel and biblatex call them."""

# The ten characters that TeX reads as commands; bibtexparser writes values as they are given.
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        # Not \{ and \}: BibTeX counts braces even behind a backslash, and one without its partner would break the file.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "%": r"\%",
        "_": r"\_",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
    }
)


def bibtex(
    reference: Reference, *, texts: Mapping[str, str] | None = None, addresses: Mapping[str, str] | None = None
) -> str:
    """Return an entry: TeX's special characters escaped, capitals of the title and names of organisations kept by braces.

    Args:
        reference: what is cited.
        texts: further fields with plain text, by their names.
        addresses: further fields with an address.
    """
    values = {
        **_values(reference),
        **{name: _tex(text) for name, text in (texts or {}).items()},
        **{name: _bare(url) for name, url in (addresses or {}).items()},
    }
    fields = [Field(name, value) for name, value in values.items() if value]
    layout = BibtexFormat()  # type: ignore[no-untyped-call]
    layout.indent = "  "
    layout.value_column = "auto"
    library = Library([Entry(_TYPES.get(reference.kind, "misc"), reference.key, fields)])
    # In place: copies of a library that is discarded would be the half of the work.
    stack = default_unparse_stack(allow_inplace_modification=True)
    return str(write_string(library, unparse_stack=stack, bibtex_format=layout)).strip() + "\n"


def _values(reference: Reference) -> dict[str, str]:
    kind, series = reference.kind, reference.series
    host = {ReferenceKind.ARTICLE: "journal", ReferenceKind.CHAPTER: "booktitle"}.get(kind, "series")
    has_year_only = len(reference.issued) < len("2019-05")
    return {
        "author": " and ".join(map(_author, reference.authors)),
        "title": f"{{{_tex(reference.title)}}}",
        host: _tex(series.name),
        _PUBLISHER.get(kind, "howpublished"): _tex(reference.publisher),
        "type": _tex(reference.genre),
        "year": reference.year,
        "month": "" if has_year_only else str(int(reference.issued[5:7])),
        "volume": _tex(series.volume),
        "number": _tex(series.number),
        "pages": str(reference.page) if reference.page else series.pages.replace("-", "--"),
        "pagetotal": str(reference.page_count) if reference.page_count and not series.pages else "",
        "doi": _bare(reference.doi),
        "isbn": _tex(reference.isbn),
        "issn": _tex(reference.issn),
        "url": _bare(reference.url),
        "urldate": reference.accessed.isoformat() if reference.accessed else "",
        "language": reference.lang,
        "langid": _LANGUAGES.get(reference.lang, ""),
    }


def _author(name: Name) -> str:
    if name.literal:
        return f"{{{_tex(name.literal)}}}"
    parts = (name.family, name.suffix, name.given) if name.suffix else (name.family, name.given)
    # A comma or an `and` within a part would make it two.
    return ", ".join(f"{{{_tex(part)}}}" if "," in part or " and " in part else _tex(part) for part in parts if part)


def _tex(text: str) -> str:
    return text.translate(_TEX)


def _bare(url: str) -> str:
    """Return an address for BibTeX's url field, where only braces and the backslash can do harm."""
    return url.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")
