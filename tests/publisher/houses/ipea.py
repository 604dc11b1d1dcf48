"""Ipea: DSpace 9 with entities. Persons are items too, and subjects and series stand in fields of the house's own."""

from __future__ import annotations

from tests.publisher.houses.dspace import Dspace, Item, content
from tests.publisher.houses.house import House, Kept

_HOST = "repositorio.ipea.gov.br"
_ITEMS = (
    Item(
        21,
        {
            "dc.title": "Informalidade e proteção social: um balanço",
            "dc.title.alternative": "Informality and social protection",
            "dc.contributor.author": ["Souza, Ana", "Lima, João"],
            "dc.date.issued": "2022-06",
            "dc.language.iso": "pt-BR",
            "dc.publisher": "Instituto de Pesquisa Econômica Aplicada (Ipea)",
            "dc.type": "Working paper",
            "dc.description.serie": "Texto para Discussão (TD) ; 9999",
            "dc.subject.vcipea": ["Mercado informal", "Previdência social"],
            "dc.subject.keyword": "Setor informal",
            "dc.identifier.uri": "https://repositorio.ipea.gov.br/handle/11058/90021",
            "dc.identifier.doi": "http://dx.doi.org/10.38116/td9999",
        },
        files=("TD_9999_web.pdf",),
        derived=("TD_9999_web.pdf.txt", "TD_9999_web.pdf.jpg"),
        entity="Publication",
    ),
    Item(
        22,
        {"person.name": "Souza, Ana", "dc.identifier.uri": "https://repositorio.ipea.gov.br/handle/11058/90022"},
        entity="Person",
    ),
    Item(
        23,
        {"dc.title": "Trabalho doméstico em mudança", "dc.date.issued": "2019", "dc.language.iso": "por"},
        files=("livro.pdf",),
        entity="Book",
    ),
)

HOUSE = House(
    slug="ipea",
    sites={_HOST: Dspace(_HOST, _ITEMS)},
    kept={
        content(_HOST, 21): Kept(
            title="Informalidade e proteção social: um balanço",
            authors=("Souza, Ana", "Lima, João"),
            publisher="Instituto de Pesquisa Econômica Aplicada (Ipea)",
            published="2022-06",
            lang="pt",
            type="working_paper",
            series="Texto para Discussão (TD), 9999",
            doi="10.38116/td9999",
            keywords=("Mercado informal", "Previdência social", "Setor informal"),
        ),
        content(_HOST, 23): Kept(title="Trabalho doméstico em mudança", published="2019", lang="pt", type="book"),
    },
    skipped={"kind: person": 1},
    evidence=(
        "DSpace 9.2; entities Publication, Book (16,500) and Person (400); dc.subject.vcipea, dc.subject.keyword,"
        " dc.description.serie; paging by totalPages: harvester and method of a public study, checked 2026-10-02"
        " (harvest_repo.py, files 71576880424 and 71108155365)",
        "135 rows for 8 queries: probed 2026-09-30 (file 71104882414); OAI-PMH with 14,400 records: 2026-08-26 (file 59687293286)",
    ),
)
