"""What the text of a file is compared by: made once for its bytes, and small beside it."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rensa import RMinHash

from corpus.store.relating import PackedFingerprint
from corpus.types import Page
from nlp.works.markers import markers_of, pack_markers
from nlp.works.numbers import number_runs, numbers_by_page
from nlp.works.words import SEGMENTS, apart_of, body_of, digits_of, shingles_of, words_to_compare

FINGERPRINT_VERSION = f"4/{RMinHash.ALGORITHM_VERSION}"

BANDS = 24
BAND_ROWS = 4
"""Two texts that share 60 % of their shingles have a band in common in 96 of 100 cases, 80 % in all, 30 % in 18."""
APART = 255
"""Stands for a segment: the shingle is in what the body leaves out."""
_SEED = 2026
_SPARSE = 16
"""Of so many shingles one is in the sketch."""
_SKETCH_MIN = 400
"""Shingles that a sketch has at least, if the text has as many."""
_SKETCH_MAX = 20_000
_WORDS_MAX = 512
_DIGITS_MAX = 768
_LETTERS_MIN = 4
"""Of a word that counts: shorter ones are in every text."""
_COUNT_MAX = 255
_TOP = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Bag:
    """Some words of a text with how often they are there: those of the smallest hashes, so that two texts keep the same."""

    packed: bytes
    """As it is stored; most comparisons end before it is needed."""

    def unpack(self) -> tuple[dict[int, tuple[int, int, int]], int]:
        """Return by hash of 32 bits how often in the body, in the whole text and in the middle of the body, and up to which hash.

        Counts are 255 at most. The middle is the body but for its first and last sixteenth.
        """
        limit, count = struct.unpack_from("<II", self.packed)
        hashes = struct.unpack_from(f"<{count}I", self.packed, 8)
        counts = self.packed[8 + 4 * count :]
        return dict(zip(hashes, zip(counts[::3], counts[1::3], counts[2::3], strict=True), strict=True)), limit


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the text of a file is compared by."""

    words: int
    """Words of the body."""
    signature: tuple[int, ...]
    """MinHash of the shingles of the body, `BANDS * BAND_ROWS` numbers of 32 bits; empty without words."""
    sketch: Mapping[int, int]
    """By the upper 32 bits of the hash of a shingle: the segment of the body in which it is first, or APART."""
    limit: int
    """Up to where the sketch has every shingle of the text."""
    vocabulary: Bag
    """Words. Columns that are read in another order break shingles, and no words."""
    digits: Bag
    """Numbers of any length, years too."""
    numbers: tuple[tuple[int, int], ...]
    """(page, number), see numbers_by_page."""
    runs: tuple[int, ...]
    """See number_runs."""
    pages: int
    """Pages of the file."""
    markers: bytes
    """As they are stored, see unpack_markers; most comparisons end before they are needed."""


def fingerprint(pages: Sequence[Page]) -> Fingerprint:
    """Return the fingerprint of a text; pure."""
    body, apart = [body_of(page) for page in pages], [apart_of(page) for page in pages]
    words, others = words_to_compare(body), words_to_compare(apart)
    shingles = shingles_of(words)
    digits = digits_of(body)
    hashes = RMinHash.hash_token_sets([shingles, shingles_of(others)])
    sketch, limit = _sketch(*hashes)
    return Fingerprint(
        words=len(words),
        signature=_signature(hashes[0]) if shingles else (),
        sketch=sketch,
        limit=limit,
        vocabulary=_bag(_telling(words), _telling(others), size=_WORDS_MAX),
        digits=_bag(digits, digits_of(apart), size=_DIGITS_MAX),
        numbers=numbers_by_page(pages),
        runs=number_runs(digits),
        pages=len(pages),
        markers=pack_markers(markers_of(words, others)),
    )


def _telling(words: Sequence[str]) -> list[str]:
    return [word for word in words if len(word) >= _LETTERS_MIN and not word[0].isdigit()]


def _signature(hashes: Sequence[int]) -> tuple[int, ...]:
    matrix = RMinHash.digest_matrix_from_token_hash_sets([hashes], num_perm=BANDS * BAND_ROWS, seed=_SEED)
    return tuple(matrix.to_rows()[0])


def _sketch(body: Sequence[int], apart: Sequence[int]) -> tuple[dict[int, int], int]:
    """Return the smallest hashes of shingles with their segments, and up to where there are no others."""
    limit = _TOP // _SPARSE
    if len(body) < _SKETCH_MIN * _SPARSE:
        every = sorted({each >> 32 for each in body})
        limit = max(limit, every[_SKETCH_MIN - 1]) if len(every) > _SKETCH_MIN else _TOP
    elif len(body) > _SKETCH_MAX * _SPARSE:
        limit = sorted(each >> 32 for each in body)[_SKETCH_MAX]
    top = (limit + 1) << 32
    found = {each >> 32: APART for each in apart if each < top}
    # The first place of a shingle counts, so the later ones are put down before.
    for at in range(len(body) - 1, -1, -1):
        if body[at] < top:
            found[body[at] >> 32] = at * SEGMENTS // len(body)
    return found, limit


def _bag(body: Sequence[str], apart: Sequence[str], *, size: int) -> Bag:
    edge = len(body) // SEGMENTS
    inside, whole, middle = Counter(body), Counter(body), Counter(body[edge : len(body) - edge])
    whole.update(apart)
    words = list(whole)
    (hashes,) = RMinHash.hash_token_sets([words])
    smallest = sorted((each >> 32, word) for each, word in zip(hashes, words, strict=True))[:size]
    counts = bytes(min(bag[word], _COUNT_MAX) for _, word in smallest for bag in (inside, whole, middle))
    limit = smallest[-1][0] if len(words) > size else _TOP
    return Bag(struct.pack(f"<II{len(smallest)}I", limit, len(smallest), *(each for each, _ in smallest)) + counts)


def pack(printed: Fingerprint, *, sha256: str, version: str) -> PackedFingerprint:
    """Return a fingerprint as it is stored."""
    numbers = [part for page, number in printed.numbers for part in (page, number)]
    vocabulary = printed.vocabulary.packed
    sizes = len(printed.sketch), len(vocabulary), len(printed.digits.packed), len(printed.runs)
    sketch = struct.pack("<6I", printed.pages, printed.limit, *sizes)
    sketch += struct.pack(f"<{len(printed.sketch)}I", *printed.sketch) + bytes(printed.sketch.values())
    return PackedFingerprint(
        sha256=sha256,
        version=version,
        words=printed.words,
        signature=_words(printed.signature),
        sketch=sketch + vocabulary + printed.digits.packed + _words(printed.runs) + printed.markers,
        numbers=struct.pack("<" + "IQ" * len(printed.numbers), *numbers),
    )


def _words(numbers: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)


def unpack(stored: PackedFingerprint) -> Fingerprint:
    """Undo `pack`."""
    packed = stored.sketch
    pages, limit, count, size, digits_size, run_count = struct.unpack_from("<6I", packed)
    start = struct.calcsize("<6I")
    hashes = struct.unpack_from(f"<{count}I", packed, start)
    end = start + 5 * count
    digits_end = end + size + digits_size
    return Fingerprint(
        words=stored.words,
        signature=struct.unpack(f"<{len(stored.signature) // 4}I", stored.signature),
        sketch=dict(zip(hashes, packed[start + 4 * count : end], strict=True)),
        limit=limit,
        vocabulary=Bag(packed[end : end + size]),
        digits=Bag(packed[end + size : digits_end]),
        numbers=tuple(struct.iter_unpack("<IQ", stored.numbers)),
        runs=struct.unpack_from(f"<{run_count}I", packed, digits_end),
        pages=pages,
        markers=packed[digits_end + 4 * run_count :],
    )
