"""The component `zones`: which part of a document each stretch of its text is, from its words."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from corpus.tag_rules import Zone
from corpus.types import Page
from nlp.pipeline.docs import ZONES, set_zones
from nlp.zones import with_zones


@Language.component("pushcart_zones", assigns=["doc.spans"])
def zones(doc: Doc) -> Doc:
    """Write `doc.spans["zones"]` of a plain text, read as one page; a document of `nlp.pipeline.docs.doc_of` has them already."""
    if ZONES in doc.spans:
        return doc
    text = doc._.raw_text or doc.text
    page = Page(1, text)
    found = with_zones([page])[0].zones or ()
    if len(page.text) != len(text):  # cleaned: its characters are not the Doc's
        found = ()
    # The title of a page counts as a heading: a document's own title is a passage on its own.
    places = [(Zone.HEADING if zone is Zone.TITLE else zone, 1, "", start, end) for zone, start, end in found]
    set_zones(doc, places or [(Zone.BODY, 1, "", 0, len(text))])
    return doc
