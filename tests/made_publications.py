"""Publications of random sentences, as lists of them, from which copies and editions are made by one change."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

from corpus.types import Page

# ruff: noqa: SIM905
_NOUNS = """vendors markets traders workers cooperatives councils permits stalls streets households women migrants artisans drivers
pickers unions associations fees wages incomes contracts pensions clinics schools suppliers customers wholesalers lenders savings
inspectors evictions policies surveys registers licences workshops factories farms ports stations squares neighbourhoods""".split()
_VERBS = """count register organise tax protect visit inspect train support describe measure compare follow join leave finance
supply serve regulate ignore tolerate represent interview relocate evict insure""".split()
_LINKS = "because while although when where since unless before after whereas so that".split()
_ADJECTIVES = """informal urban rural seasonal young older poor registered unpaid hired regular mobile licensed public private local
national recent earlier small large domestic temporary permanent cheap costly safe""".split()
_MONTHS = "January February March April May June July August September October November December".split()
PAGE_WORDS = 330


def sentence(chance: random.Random) -> str:
    """Return a sentence of some fifteen words, every third with a number, every eighth with a month."""
    words = [
        chance.choice(part)
        for part in (_ADJECTIVES, _NOUNS, _VERBS, _ADJECTIVES, _NOUNS, _LINKS, _NOUNS, _VERBS, _NOUNS)
    ]
    if chance.random() < 0.35:
        words += ["in", str(chance.randrange(101, 9999)), chance.choice(_NOUNS)]
    if chance.random() < 0.12:
        words += ["in", chance.choice(_MONTHS), str(chance.randrange(2009, 2018))]
    if chance.random() < 0.12:
        words += ["of", chance.choice(("Ghana", "Ghana", "Ghana", "Togo", "Benin"))]
    return " ".join(words).capitalize() + "."


@dataclass(frozen=True)
class Made:
    """A publication as lists of sentences."""

    cover: str
    body: tuple[str, ...]
    back: str

    def pages(self, *, words: int = PAGE_WORDS, head: str = "", foot: bool = False) -> tuple[Page, ...]:
        """Return its pages: the cover, the body on pages of so many words, the back."""
        texts, page = [self.cover], []
        for each in self.body:
            page.append(each)
            if sum(len(part.split()) for part in page) >= words:
                texts.append("\n".join(page))
                page = []
        texts += ["\n".join(page)] if page else []
        texts.append(self.back)
        numbered = (
            "\n".join(filter(None, (head, text, f"{number}" if foot else ""))) for number, text in enumerate(texts, 1)
        )
        return tuple(Page(number, text) for number, text in enumerate(numbered, start=1))


COVER = """Ministry of Labour and Social Affairs
Guide to the survey of street vendors
Ghana
{issue}
Department of Statistics, Unit for Household Surveys, Accra"""
BACK = """For questions write to the department of statistics. Reproduction is allowed when the source is named.
Printed by the press of the ministry in {back}. All photographs by the ministry."""


@cache
def publication(sentences: int, *, issue: str = "March 2018", back: str = "Accra", seed: int = 7) -> Made:
    chance = random.Random(f"{sentences} {seed}")
    body = tuple(sentence(chance) for _ in range(sentences))
    return Made(COVER.format(issue=issue), body, BACK.format(back=back))


TERMS = """gazette annulment concession usufruct arbitration seizure easement levy decree mandate notary escrow lien tribunal
ordinance prefecture amnesty indemnity bailiff cadastre quorum referendum statute treasury""".split()
"""Words that a text has once, in its definitions, and again in an article."""


def article(sentences: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    return [
        f"The {' or the '.join(chance.sample(TERMS, 4))} applies where {sentence(chance)}" for _ in range(sentences)
    ]


def misread(text: str, *, rate: float, chance: random.Random) -> str:
    """Return a text with wrong letters, as text recognition makes them."""
    return "".join(
        chance.choice("rnlcieotuv1") if letter.isalnum() and chance.random() < rate else letter for letter in text
    )
