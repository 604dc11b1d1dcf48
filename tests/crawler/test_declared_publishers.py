"""The publishers that come with Pushcart: their files are sound, and their rules fit what is known of their sites."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from protego import Protego
from scrapy.http import HtmlResponse
from told import told

from corpus.vocabulary import load_vocabulary
from crawler.items import LinkKind
from crawler.net.addresses import refusal_of, site_of
from crawler.net.robots import ROBOTS_AGENT
from crawler.pages.publication_files import choose_files
from crawler.sources.load import read_source
from crawler.sources.model import SourceFile
from crawler.sources.rules import ApiRules, FeedRules, ListingRules, SitemapRules
from crawler.spiders.api.parse import read_answer
from crawler.spiders.api.requests import first_address
from crawler.spiders.listing.parse import read_listing

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "crawler" / "sources" / "builtin").glob("*.toml"))
SOURCES = {path.stem: read_source(path) for path in FILES if not path.stem.startswith("sample")}

every_publisher = pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)


def rules_of(slug: str) -> ListingRules | SitemapRules | FeedRules:
    rules = SOURCES[slug].rules
    assert isinstance(rules, ListingRules | SitemapRules | FeedRules)
    return rules


def test_forty_publishers_or_more_are_declared_over_five_protocols():
    assert len(SOURCES) >= 40
    assert {source.protocol for source in SOURCES.values()} >= {"oai", "api", "sitemap", "feed", "listing"}


@every_publisher
def test_a_file_is_called_as_its_source(source: SourceFile):
    assert source.path is not None
    assert source.path.stem == source.slug


@every_publisher
def test_what_nobody_tried_live_says_what_it_rests_on(source: SourceFile):
    assert not source.verified
    assert len(source.note.split()) >= 8
    assert source.languages
    assert source.licence or source.protocol == "feed"


@every_publisher
def test_no_address_is_private_or_holds_a_key(source: SourceFile):
    for address in (*source.start, source.homepage):
        assert told(refusal_of(address, allow_private=False)) == ""
        assert not re.search(r"(?i)[?&](?:api_?key|key|token|appname|mailto)=", address)
    assert not source.polite.allow_private


@every_publisher
def test_start_addresses_are_of_the_publisher_s_site_or_the_note_says_whose_they_are(source: SourceFile):
    for address in source.start:
        site = site_of(address)
        assert site == site_of(source.homepage) or site.split(".")[0] in source.note.casefold()


@every_publisher
def test_publishers_are_asked_gently(source: SourceFile):
    assert source.polite.delay_seconds >= 2
    assert source.polite.requests_at_once == 1


@every_publisher
def test_countries_are_known(source: SourceFile):
    assert source.country is None or load_vocabulary().country(source.country) is not None


@every_publisher
def test_an_api_says_where_records_lead(source: SourceFile):
    if isinstance(source.rules, ApiRules):
        mapping = source.rules
        assert mapping.id is not None
        assert "title" in mapping.fields
        assert mapping.files or mapping.landing_page
        assert mapping.paging != "none"


@pytest.mark.parametrize(
    ("slug", "answer", "expected"),
    [
        (
            "hal",
            """{"response": {"numFound": 2, "docs": [{"halId_s": "hal-01", "uri_s": "https://hal.science/hal-01",
            "title_s": ["Le secteur informel à Dakar"], "authFullName_s": ["Awa Diop"], "producedDate_s": "2019-05",
            "docType_s": "REPORT", "fileMain_s": "https://hal.science/hal-01/document"}]}, "nextCursorMark": "AoE/hal"}""",
            (
                LinkKind.FILE,
                "https://hal.science/hal-01/document",
                "Le secteur informel à Dakar",
                "2019-05",
                "cursorMark=AoE",
            ),
        ),
        (
            "ibge",
            """{"count": 200, "page": 1, "totalPages": 2, "nextPage": 2, "items": [{"id": 29505, "tipo": "Release",
            "titulo": "Informalidade cai", "introducao": "No trimestre...", "data_publicacao": "26/11/2020 09:00:00",
            "link": "http://agenciadenoticias.ibge.gov.br/agencia-sala-de-imprensa/29505.html"}]}""",
            (
                LinkKind.LANDING,
                "http://agenciadenoticias.ibge.gov.br/agencia-sala-de-imprensa/29505.html",
                "Informalidade cai",
                "26/11/2020 09:00:00",
                "page=2",
            ),
        ),
        (
            "datafirst",
            """{"result": {"found": "70", "total": 582, "limit": 50, "offset": 0, "rows": [{"id": "9", "idno": "zaf-qlfs-v1",
            "title": "Quarterly Labour Force Survey 2019", "nation": "South Africa", "authoring_entity": "Statistics South Africa",
            "year_start": "2019", "year_end": "2019", "changed": "1700000500",
            "url": "https://www.datafirst.uct.ac.za/dataportal/index.php/catalog/9"}]}}""",
            (
                LinkKind.LANDING,
                "https://www.datafirst.uct.ac.za/dataportal/index.php/catalog/9",
                "Quarterly Labour Force Survey 2019",
                "2019",
                "page=2",
            ),
        ),
    ],
)
def test_mappings_written_out_read_answers_as_their_apis_document_them(slug: str, answer: str, expected: tuple):
    rules = SOURCES[slug].rules
    assert isinstance(rules, ApiRules)
    url = first_address(SOURCES[slug].start[0], rules, since=None, contact="librarian@library.example")
    found = read_answer(answer.encode(), rules, url=url).found
    kind, address, title, date, next_page = expected
    assert told(found.trouble) == ""
    assert [(link.kind, link.url) for link in found.links] == [(kind, address)]
    evidence = found.links[0].evidence
    assert [evidence["title"][0].value, evidence["date"][0].value] == [title, date]
    assert len(found.more) == 1
    assert next_page in found.more[0]


@pytest.mark.parametrize(
    ("slug", "url", "is_admitted"),
    [
        (
            "wiego",
            "https://www.wiego.org/research-library-publications/informal-workers-india-statistical-profile/",
            True,
        ),
        ("wiego", "https://www.wiego.org/wp-content/uploads/2020/01/Brief-12.pdf", True),
        ("wiego", "https://www.wiego.org/blog/a-day-in-accra/", False),
        ("ilo", "https://www.ilo.org/publications/india-employment-report-2024-youth-employment", True),
        (
            "ilo",
            "https://www.ilo.org/publications/flagship-reports/world-employment-and-social-outlook-trends-2025",
            True,
        ),
        ("ilo", "https://www.ilo.org/es/publications/mujeres-y-hombres-en-la-economia-informal", True),
        ("ilo", "https://www.ilo.org/resource/news/new-standard", False),
        ("ilo", "https://www.ilo.org/about-ilo", False),
        ("unu-wider", "https://www.wider.unu.edu/publication/automation-and-jobs-south-africa", True),
        ("unu-wider", "https://www.wider.unu.edu/event/seminar", False),
        ("un-women", "https://www.unwomen.org/en/digital-library/publications/2023/07/the-paths-to-equal", True),
        ("un-women", "https://www.unwomen.org/en/digital-library/publications?page=3", False),
        ("un-desa", "https://desapublications.un.org/publications/world-social-report-2025", True),
        ("un-desa", "https://desapublications.un.org/publications?page=2", False),
        ("inei", "https://www.gob.pe/institucion/inei/informes-publicaciones/6879473-productores-agropecuarios", True),
        ("inei", "https://www.gob.pe/institucion/inei/noticias/12", False),
        ("afdb", "https://www.afdb.org/en/documents/african-economic-outlook-2024", True),
        ("afdb", "https://www.afdb.org/en/documents/project-related-procurement/procurement-notices", False),
        ("afdb", "https://www.afdb.org/en/documents/comoros-digitalization-support-project-appraisal-report", False),
        ("unicef-data", "https://data.unicef.org/resources/child-labour-2024/", True),
        ("unicef-data", "https://data.unicef.org/resources/resource-type/publications/page/2/", False),
        ("dane", "https://www.dane.gov.co/files/operaciones/GEIH/bol-GEIHEISS-ene-mar2026.pdf", True),
        ("dane", "https://www.dane.gov.co/files/operaciones/GEIH/anex-GEIHEISS.xlsx", False),
        ("gss", "https://statsghana.gov.gh/gssmain/fileUpload/pressrelease/Quarterly%20Labour%20Bulletin.pdf", True),
    ],
)
def test_rules_admit_what_is_a_publication_by_its_address(slug: str, url: str, is_admitted: bool):
    assert rules_of(slug).admit(url) is is_admitted


def page(shared_data: Path, name: str, *, url: str) -> HtmlResponse:
    return HtmlResponse(url=url, body=(shared_data / "harvest" / "listing-pages" / f"{name}.html").read_bytes())


@pytest.mark.shared
def test_the_saved_list_of_unicef_leads_to_its_publication_and_the_next_page(shared_data: Path):
    rules = rules_of("unicef-data")
    assert isinstance(rules, ListingRules)
    found = read_listing(page(shared_data, "unicef_1", url=SOURCES["unicef-data"].start[0]), rules)
    assert [urlsplit(link.url).path.split("/")[2][:18] for link in found.links] == ["including-everyone"]
    assert found.more == ("https://data.unicef.org/resources/resource-type/publications/page/2/",)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("slug", "name", "url", "files"),
    [
        ("unicef-data", "unicef_2", "https://data.unicef.org/resources/a-right-to-be-heard/", 1),
        ("gov-uk-research", "gov_3", "https://www.gov.uk/government/publications/mental-health-framework", 5),
        ("who-iris", "who_2", "https://iris.who.int/handle/10665/279983", 1),
    ],
)
def test_saved_pages_lead_to_their_files(shared_data: Path, slug: str, name: str, url: str, files: int):
    found = choose_files(page(shared_data, name, url=url), SOURCES[slug].files)
    assert len([link for link in found.links if not link.url.endswith("foo.pdf")]) == files


def robots(shared_data: Path, host: str) -> Protego:
    body = (shared_data / "harvest" / "robots" / host).read_bytes()
    return Protego.parse(body.decode("utf-8", errors="ignore"))


@pytest.mark.shared
@every_publisher
def test_a_saved_robots_txt_allows_the_start_addresses_and_its_delay_is_kept(shared_data: Path, source: SourceFile):
    hosts = {urlsplit(address).hostname or "" for address in source.start}
    for host in hosts:
        if not (shared_data / "harvest" / "robots" / host).is_file():
            continue
        said = robots(shared_data, host)
        assert all(said.can_fetch(address, ROBOTS_AGENT) for address in source.start)
        assert source.polite.delay_seconds >= (said.crawl_delay(ROBOTS_AGENT) or 0)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("mark", "paths"),
    [
        (
            b"This file is to prevent the crawling and indexing",
            ("/en/publications?page=3", "/sites/default/files/a.pdf"),
        ),
        (b"/wp-admin/", ("/feed/", "/wp-content/uploads/2020/01/a.pdf")),
    ],
    ids=["Drupal", "WordPress"],
)
def test_most_sites_of_the_same_software_allow_such_addresses(shared_data: Path, mark: bytes, paths: tuple[str, ...]):
    folder = shared_data / "harvest" / "robots"
    of_software = [path.name for path in sorted(folder.iterdir()) if mark in path.read_bytes()]
    allowed = [
        host
        for host in of_software
        if all(robots(shared_data, host).can_fetch(f"https://{host}{path}", ROBOTS_AGENT) for path in paths)
    ]
    print(f"{len(allowed)} of {len(of_software)} allow {', '.join(paths)}")
    assert len(of_software) > 40
    assert len(allowed) >= 0.75 * len(of_software)
