"""CLACSO: DSpace 7 that leaves out embedded bundles, years in dc.date only, and a Crawl-delay of ten seconds."""

from __future__ import annotations

from tests.publisher.houses.dspace import DEFAULT_ROBOTS, Dspace, Item, content
from tests.publisher.houses.house import House, Kept

_HOST = "biblioteca-repositorio.clacso.edu.ar"
_ITEMS = (
    Item(
        11,
        {
            "dc.title": "Ferias populares y trabajo sin salario en el conurbano",
            "dc.contributor.author": "Paredes, Lucía",
            "dc.contributor.editor": "Ríos, Juana",
            "dc.date": "2018",
            "dc.date.accessioned": "2023-04-01T00:00:00Z",
            "dc.language": "spa",
            "dc.publisher": "CLACSO",
            "dc.type": "Libro",
            "dc.rights": "https://creativecommons.org/licenses/by-nc-sa/4.0/",
            "dc.identifier.uri": "https://biblioteca-repositorio.clacso.edu.ar/handle/CLACSO/900011",
            "dc.identifier.isbn": "978-987-722-001-8",
        },
        files=("Ferias-populares.pdf", "Portada.pdf"),
        derived=("Ferias-populares.pdf.txt", "Ferias-populares.pdf.jpg"),
    ),
    Item(
        12,
        {
            "dc.title": "Trabalhadoras domésticas e direitos: três estudos",
            "dc.date.issued": "2020-11",
            "dc.language": "por",
            "dc.identifier.uri": "https://biblioteca-repositorio.clacso.edu.ar/handle/CLACSO/900012",
        },
        files=("domesticas.pdf",),
    ),
    Item(13, {"dc.title": "Retirado"}, files=("retirado.pdf",), withdrawn=True),
    Item(14, {"dc.title": "Sin archivo", "dc.date": "2001"}),
)

HOUSE = House(
    slug="clacso",
    sites={_HOST: Dspace(_HOST, _ITEMS, robots=DEFAULT_ROBOTS + "Crawl-delay: 0.05\n", embeds=False)},
    kept={
        content(_HOST, 11): Kept(
            title="Ferias populares y trabajo sin salario en el conurbano",
            authors=("Paredes, Lucía",),
            publisher="CLACSO",
            published="2018",
            lang="es",
            licence="CC BY-NC-SA 4.0",
            type="book",
            isbn="9789877220018",
        ),
        content(_HOST, 12): Kept(
            title="Trabalhadoras domésticas e direitos: três estudos", published="2020-11", lang="pt", type="report"
        ),
    },
    skipped={"cover, form or notice": 1, "record without an address": 1},
    crawl_delay=10.0,
    evidence=(
        "discover/search/objects, 719 rows of 8 queries, dc.date without issued, Crawl-delay 10, the old site answers 526:"
        " probed 2026-09-30 (REL Sud et langues, files 71104882414 and 70867515818)",
        "bundles of an item at their own address: DSpace/RestContract items.md",
    ),
)
