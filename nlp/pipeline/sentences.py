"""The component `sentences`: `doc.sents` are the sentences that rules look at and evidence quotes."""

from __future__ import annotations

import numpy as np
from spacy.attrs import IDX, SENT_START
from spacy.language import Language
from spacy.tokens import Doc

from nlp.pipeline.docs import passages_in


@Language.component("pushcart_sentences", assigns=["token.is_sent_start", "doc.sents"])
def sentences(doc: Doc) -> Doc:
    """Mark the first token of each sentence, so that `doc.sents` are those that evidence is quoted in."""
    if not len(doc):
        return doc
    starts = [passage.start + start for passage in passages_in(doc) for start in passage.sentence_starts]
    marks = np.full(len(doc), -1, dtype="int64")
    first = np.searchsorted(doc.to_array([IDX]), starts)
    marks[first[first < len(doc)]] = 1
    marks[0] = 1
    doc.from_array([SENT_START], marks.astype("uint64").reshape(-1, 1))  # type: ignore[arg-type]  # as in tokenizer.py
    return doc
