"""The quick half of the attack by files: a few small ones of each kind in one folder; `make attack` adds them all."""

from __future__ import annotations

from tests.attack import parts
from tests.attack.hostile_metadata import ALONE, TABLES
from tests.attack.hostile_texts import hostile_texts
from tests.attack.served import ROOT

SMALL = (
    "count-of-a-billion-pages", "pages-that-are-their-own", "title-of-half-pairs", "noise-with", "letters-that-mean-nul",
    "half-pair", "brackets-8,000", "vendors-2,000", "a1-40,000", "controls.txt", "utf16", "numbers-in-json-ld", "entities",
    "number-", "unknown-field", "no-json", "deep.", "deep-list", "field-of-300-kb", "row-for-no-file", "address-that",
)  # fmt: skip


def test_the_good_files_of_a_hostile_folder_are_found_and_every_bad_one_has_an_outcome() -> None:
    found = parts.folder(ROOT, kinds=("pdf", "text", "metadata", "name"), seconds=100, only=SMALL, good=6)
    assert not found.through, "\n".join([found.figures, *found.through])


def test_the_generator_is_as_large_as_the_threat_model_says_and_always_the_same() -> None:
    assert hostile_texts() == hostile_texts()
    assert len(ALONE) + len(TABLES) == 20
