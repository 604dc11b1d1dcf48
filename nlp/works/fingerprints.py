"""What the text of a file is compared by: made once for its bytes, and small beside it."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from rensa import RMinHash

from corpus.store.relating import PackedFingerprint
from corpus.types import Page
from nlp.works.numbers import numbers_by_page
from nlp.works.words import shingles_of, words_to_compare

FINGERPRINT_VERSION = f"1/{RMinHash.ALGORITHM_VERSION}"

BANDS = 24
BAND_ROWS = 4
"""Two texts that share 60 % of their shingles have a band in common in 96 of 100 cases, 80 % in all, 30 % in 18."""
_SEED = 2026
_SPARSE = 16
"""Of so many shingles one is in the sketch."""
_SKETCH_MIN = 400
"""Shingles that a sketch has at least, if the text has as many."""
_SKETCH_MAX = 20_000
VOCABULARY = 512
_LETTERS_MIN = 4
"""Of a word that counts as one of the vocabulary: shorter ones stand in every text."""
_TOP = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the text of a file is compared by."""

    words: int
    """Words of the body."""
    signature: tuple[int, ...]
    """MinHash of the shingles, `BANDS * BAND_ROWS` numbers of 32 bits; empty without words."""
    sketch: tuple[int, ...]
    """Upper 32 bits of the hashes of the shingles, ascending: all up to the last, which is `limit` at most."""
    limit: int
    """Up to where the sketch has every shingle of the text."""
    vocabulary: tuple[int, ...]
    """The smallest hashes of 32 bits of the different words, ascending, at most `VOCABULARY`: reading columns in another order
    breaks shingles, and no words."""
    numbers: tuple[tuple[int, int], ...]
    """(page, number), see numbers_by_page."""
    pages: int
    """Pages of the file."""


def fingerprint(pages: Sequence[Page]) -> Fingerprint:
    """Return the fingerprint of a text; pure."""
    words = words_to_compare(pages)
    shingles = shingles_of(words)
    numbers = numbers_by_page(pages)
    if not shingles:
        return Fingerprint(len(words), (), (), _TOP, (), numbers, len(pages))
    telling = [word for word in set(words) if len(word) >= _LETTERS_MIN]
    hashes = RMinHash.hash_token_sets([list(shingles), telling])
    (signature,) = RMinHash.digest_matrix_from_token_hash_sets(
        hashes[:1], num_perm=BANDS * BAND_ROWS, seed=_SEED
    ).to_rows()
    upper = sorted({_spread(each) for each in hashes[0]})
    limit = _TOP // _SPARSE
    count = bisect_right(upper, limit)
    if count < _SKETCH_MIN:
        count = min(_SKETCH_MIN, len(upper))
        limit = _TOP if count == len(upper) else upper[count - 1]
    elif count > _SKETCH_MAX:
        count = _SKETCH_MAX
        limit = upper[count - 1]
    vocabulary = tuple(sorted({_spread(each) for each in hashes[1]})[:VOCABULARY])
    return Fingerprint(len(words), tuple(signature), tuple(upper[:count]), limit, vocabulary, numbers, len(pages))


def _spread(value: int) -> int:
    """Return the upper 32 bits of a hash after a multiplication: those of short texts are not spread evenly else."""
    return (value * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF) >> 32


def pack(printed: Fingerprint, *, sha256: str, version: str) -> PackedFingerprint:
    """Return a fingerprint as it is stored."""
    numbers = [part for page, number in printed.numbers for part in (page, number)]
    return PackedFingerprint(
        sha256=sha256,
        version=version,
        words=printed.words,
        signature=struct.pack(f"<{len(printed.signature)}I", *printed.signature),
        sketch=struct.pack(
            f"<III{len(printed.vocabulary) + len(printed.sketch)}I",
            printed.pages,
            printed.limit,
            len(printed.vocabulary),
            *printed.vocabulary,
            *printed.sketch,
        ),
        numbers=struct.pack("<" + "IQ" * len(printed.numbers), *numbers),
    )


def unpack(stored: PackedFingerprint) -> Fingerprint:
    """Undo `pack`."""
    pages, limit, count, *hashes = struct.unpack(f"<{len(stored.sketch) // 4}I", stored.sketch)
    return Fingerprint(
        words=stored.words,
        signature=struct.unpack(f"<{len(stored.signature) // 4}I", stored.signature),
        sketch=tuple(hashes[count:]),
        limit=limit,
        vocabulary=tuple(hashes[:count]),
        numbers=tuple(struct.iter_unpack("<IQ", stored.numbers)),
        pages=pages,
    )
