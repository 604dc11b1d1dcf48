"""IDRC Digital Library: DSpace 7 hosted by dspacedirect.org; a file behind a login, and a server that asks for patience."""

from __future__ import annotations

import json

from corpus.reasons import FailureKind
from tests.publisher.houses.dspace import Dspace, Item, content
from tests.publisher.houses.house import House, Kept
from tests.publisher.world import Answer

_HOST = "idl-bnc-idrc.dspacedirect.org"
_LOGIN = Answer(
    json.dumps({"status": 401, "error": "Unauthorized", "message": "Authentication is required"}),
    status=401,
    type="application/json",
)


class _Repository(Dspace):
    """The first search is answered 429 with Retry-After."""

    def __call__(self, asked):
        if asked.path.endswith("/search/objects") and not asked.earlier and "economy" in asked.query["query"]:
            return Answer("Too many requests", status=429, headers={"Retry-After": "1"})
        return super().__call__(asked)


_ITEMS = (
    Item(
        31,
        {
            "dc.title": "Home-based work and access to childcare in Dhaka",
            "dc.contributor.author": "Rahman, Shirin",
            "dc.date.issued": "2019-09-30",
            "dc.language.iso": "en",
            "dc.publisher": "A Research Centre, Dhaka, BD",
            "dc.type": "Final Technical Report",
            "dc.rights.uri": "https://creativecommons.org/licenses/by/4.0/",
            "dc.identifier.uri": "http://hdl.handle.net/10625/90031",
            "dc.subject": ["INFORMAL EMPLOYMENT", "CHILD CARE", "BANGLADESH"],
            "dc.description.abstract": "The project asked how home-based workers arrange for childcare.",
        },
        files=("IDL-90031.pdf",),
        derived=("IDL-90031.pdf.txt", "IDL-90031.pdf.jpg"),
        bitstream_lang="en",
    ),
    Item(32, {"dc.title": "Rapport final réservé", "dc.language.iso": "fr"}, files=("IDL-90032.pdf",)),
)

HOUSE = House(
    slug="idrc",
    sites={_HOST: _Repository(_HOST, _ITEMS, files={content(_HOST, 32): _LOGIN})},
    kept={
        content(_HOST, 31): Kept(
            title="Home-based work and access to childcare in Dhaka",
            authors=("Rahman, Shirin",),
            publisher="A Research Centre, Dhaka, BD",
            published="2019-09-30",
            lang="en",
            licence="CC BY 4.0",
            type="report",
            keywords=("INFORMAL EMPLOYMENT", "CHILD CARE", "BANGLADESH"),
            has_abstract=True,
        )
    },
    failures={content(_HOST, 32): FailureKind.HTTP_STATUS},
    evidence=(
        "/server/api used by a public adapter over dspace7 (files 70258913521 and 70103778940), dsoType and filters",
        "/server/api/core/bitstreams/UUID/content cited in four public files (47463858993, 33587703735, 47833660886, 62842019667)",
        "401 with JSON for what needs a login, 429 with Retry-After: DSpace/RestContract README.md, RFC 6585",
    ),
)
