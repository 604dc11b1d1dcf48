"""CEPAL: DSpace 7, Spanish and English, one record for each language."""

from __future__ import annotations

from tests.publisher.houses.dspace import Dspace, Item, content
from tests.publisher.houses.house import House, Kept
from tests.publisher.world import Answer

_HOST = "repositorio.cepal.org"
_BUSY = Answer("<h1>503 Service Unavailable</h1>", status=503, headers={"Retry-After": "1"})


class _Repository(Dspace):
    """The first request for the second file is answered 503 with Retry-After, as behind an overloaded DSpace."""

    def __call__(self, asked):
        if asked.url == content(_HOST, 2) and not asked.earlier:
            return _BUSY
        return super().__call__(asked)


_ITEMS = (
    Item(
        1,
        {
            "dc.title": "Trabajo por cuenta propia en las ciudades intermedias del Perú",
            "dc.contributor.author": ["Quispe, Rosa", "Vega, Martín"],
            "dc.contributor.entity": "NU. CEPAL",
            "dc.date.accessioned": "2021-03-02T11:00:00Z",
            "dc.date.issued": "2021-02",
            "dc.language.iso": "es",
            "dc.publisher": "CEPAL",
            "dc.type": "Texto Completo",
            "dc.identifier.uri": "https://hdl.handle.net/11362/90001",
            "dc.identifier.unsymbol": "LC/TS.2021/900",
            "dc.relation.ispartofseries": "Macroeconomía del Desarrollo, 900",
            "dc.description.abstract": "Este documento estudia el trabajo por cuenta propia en cuatro ciudades intermedias.",
            "dc.subject": ["SECTOR INFORMAL", "EMPLEO"],
            "dc.coverage.spatial": "PERU",
        },
        files=("S2100001_es.pdf",),
        derived=("S2100001_es.pdf.txt", "S2100001_es.pdf.jpg"),
    ),
    Item(
        2,
        {
            "dc.title": "Own-account work in intermediate cities of Peru",
            "dc.date.issued": "2021-05-17",
            "dc.language.iso": "en",
            "dc.publisher": "ECLAC",
            "dc.identifier.uri": "https://hdl.handle.net/11362/90002",
        },
        files=("S2100002_en.pdf", "S2100002_en.epub"),
        derived=("S2100002_en.pdf.txt",),
    ),
    Item(3, {"dc.title": "Panorama en imágenes", "dc.type": "Video"}, files=("panorama.pdf",)),
)

HOUSE = House(
    slug="cepal",
    sites={_HOST: _Repository(_HOST, _ITEMS)},
    kept={
        content(_HOST, 1): Kept(
            title="Trabajo por cuenta propia en las ciudades intermedias del Perú",
            authors=("Quispe, Rosa", "Vega, Martín"),
            publisher="CEPAL",
            published="2021-02",
            lang="es",
            series="Macroeconomía del Desarrollo, 900",
            keywords=("SECTOR INFORMAL", "EMPLEO"),
            country="PERU",
            has_abstract=True,
        ),
        content(_HOST, 2): Kept(
            title="Own-account work in intermediate cities of Peru",
            publisher="ECLAC",
            published="2021-05-17",
            lang="en",
        ),
    },
    skipped={"kind: video": 1, "kind: e-book": 3},
    evidence=(
        "/server/api and bitstreams/UUID/content: public code and citations of 2026 (ETL of Escazú documents, file 55591075398)",
        "names of files S2200947_es.pdf and handles 11362: public download list with retry on 503 (file 63257486476)",
        "/server/oai/request, 52,199 records, no subject sets: probed 2026-08-26 (dot-lit README, file 59687293286)",
    ),
)
