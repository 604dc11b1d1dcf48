"""The sixteen items of PRISMA-S, the checklist for reporting literature searches, and who answers each of them.

Rethlefsen ML, Kirtley S, Waffenschmidt S, et al.: PRISMA-S: an extension to the PRISMA Statement for Reporting Literature
Searches in Systematic Reviews. Systematic Reviews 10, 39 (2021), doi:10.1186/s13643-020-01542-z. The names of items are
theirs; what is beside them is ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from corpus.messages import Message, message

SOURCE = "Rethlefsen et al. 2021, doi:10.1186/s13643-020-01542-z"


class AnsweredBy(StrEnum):
    """Who can answer an item."""

    REPORT = "report"
    BOTH = "both"
    """The report has a part of it; the rest only the researcher knows."""
    RESEARCHER = "researcher"


ANSWERED_BY_WORDS = {
    AnsweredBy.REPORT: message("answered above"),
    AnsweredBy.BOTH: message("answered in part"),
    AnsweredBy.RESEARCHER: message("for you to add"),
}


@dataclass(frozen=True, slots=True)
class PrismaItem:
    """An item of the checklist."""

    number: int
    """1 to 16."""
    name: Message
    answered_by: AnsweredBy
    words: Message
    """What of this report answers it, or what the researcher adds."""


_R, _B, _YOU = AnsweredBy.REPORT, AnsweredBy.BOTH, AnsweredBy.RESEARCHER

ITEMS: tuple[PrismaItem, ...] = (
    PrismaItem(1, message("Database name"), _R, message("Pushcart, its address and version.")),
    PrismaItem(
        2,
        message("Multi-database searching"),
        _R,
        message("The sources were searched together, in one index: see the results by source."),
    ),
    PrismaItem(
        3,
        message("Study registries"),
        _YOU,
        message("Pushcart does not include study registries: name those that you searched."),
    ),
    PrismaItem(
        4,
        message("Online resources and browsing"),
        _YOU,
        message("Name what you browsed, such as web sites, tables of contents and the lists of Pushcart."),
    ),
    PrismaItem(
        5,
        message("Citation searching"),
        _YOU,
        message("Pushcart does not follow references: say whether and how you did."),
    ),
    PrismaItem(6, message("Contacts"), _YOU, message("Say whom you asked for documents or data.")),
    PrismaItem(7, message("Other methods"), _YOU, message("Say what else you did.")),
    PrismaItem(
        8,
        message("Full search strategies"),
        _R,
        message("The words as typed, how they were interpreted, and the address that repeats the search."),
    ),
    PrismaItem(
        9,
        message("Limits and restrictions"),
        _B,
        message("Filters and years are named above. Add why you chose them."),
    ),
    PrismaItem(
        10,
        message("Search filters"),
        _YOU,
        message("Pushcart adds no published search filter of its own. If you used one, cite it."),
    ),
    PrismaItem(11, message("Prior work"), _YOU, message("Cite the review whose search you reused, if there is one.")),
    PrismaItem(
        12,
        message("Updates"),
        _B,
        message(
            "A frozen search shows what was added later, and a feed notifies you. Say how and when you searched again."
        ),
    ),
    PrismaItem(13, message("Dates of searches"), _R, message("Day and time, in UTC.")),
    PrismaItem(14, message("Peer review"), _YOU, message("Say who reviewed the search strategy, and how.")),
    PrismaItem(15, message("Total records"), _R, message("All results, and those of each source.")),
    PrismaItem(
        16,
        message("Deduplication"),
        _B,
        message(
            "The copies and translations that Pushcart groups are counted above. Say how you removed duplicates "
            "between databases."
        ),
    ),
)
