"""What a match counts, in one table. Every weight was chosen on the working half of the judged queries (tests/judged) and on five
collections of abstracts."""

from __future__ import annotations

import math

WORD = 1.0
"""The word itself, in any of its inflections, anywhere in the text: what all others are measured by."""
CONCEPT = 1.5
"""Any name of a concept that the search names; the words that were typed count beside it."""
HINT = 1.0
"""A concept within which the typed words only mean something: unemployment of growth and jobs, credit of finance. At 1.5, who
searches for unemployment is given texts on growth."""
WORDS_OF_NAME = 0.3
"""The words of a name of several words together, each wherever it stands: a long classification of occupations has *trabajo* and
*infantil* somewhere, and is not about child labour."""
EACH_WORD_OF_NAME = 0.2
"""One word of such a name, which only raises what is found: of all artisans, those who are indigenous come first for *artesanas
indígenas*. Working half, nDCG@10 and success@1: 0.698 and 0.907 with 0.5 and 0 in these two, 0.699 and 0.924 with 0.3 and 0.2,
0.701 and 0.924 with 0.1 and 0.35; together more than 0.5, scattered words come before the concept."""
TRANSLATION = 0.7
"""A word of another language that means the same (search_api/query/translations.py). Working half, nDCG@10: 0.618 without, 0.630
with 0.5, 0.632 with 0.7, 0.625 with 1.0; what is added stays below what was typed."""
LACKS_WORD = 0.95
"""Times the score of a document for each word of the search that it lacks: of two that score alike, the answer comes first."""
LACKS_CONCEPT = 0.7
"""The same for each concept, which is mostly what the search is about. nDCG@10 of the working half: 0.656 with 0.85 once for all
that is lacking, 0.664 with these, 0.662 with 0.9 and 0.6."""
STEM = 0.85
"""What only a stemmer joins with a word (informality for informal): adds to documents that match anyway. Between 0.3 and
1.0 hardly anything changes for the queries of this field (nDCG@10 0.621 to 0.619); NPL needs 0.85 to be at plain BM25 (0.436)."""
TITLE = 0.1
"""A word of the title once more, beside what it counts as a word of the text."""
BEST_PAGE = 0.7
"""Times the score of the best page, added to that of the document (search_api/engines/first_hits.py). Working half, nDCG@10: on
texts bound into long reports (evaluation/long_reports.py) .617 without, .651 with 0.5, .657 with 0.7, .668 with 1.0; on the texts
as they are, most of one page, .655, .653, .656, .651."""
EXACT = 2.0
"""Score of a match by prefix, near spelling or loose phrase, whose own scores differ between engines: about that of a word
found in every third document."""


def inverse_document_frequency(documents: int, *, of: int) -> float:
    """Return BM25's weight of a word, ln(1 + (N - n + 0.5) / (n + 0.5)): higher for rarer words, above 0.

    Args:
        documents: n, those that have the word.
        of: N, all documents.
    """
    return math.log(1.0 + (max(of, documents) - documents + 0.5) / (documents + 0.5))
