"""What records say and where they lead, in each format: records as repositories of several makes write them."""

from __future__ import annotations

import pytest
from told import told

from crawler.items import Link, LinkKind
from crawler.sources.rules import OaiRules
from crawler.spiders.oai.parse import read_answer
from crawler.spiders.oai.spider import links_of
from tests.crawler.oai_site import DC, answer, record

BASE = "https://repository.example.org/server/oai/request"


def found(inner: str, *, languages=("en", "es"), rules: OaiRules | None = None, base: str = BASE):
    """Return what a record of oai_dc leads to."""
    return found_in(record(1, inner=inner), languages=languages, rules=rules, base=base)


def found_in(xml: str, *, languages=("en", "es"), rules: OaiRules | None = None, base: str = BASE):
    read = read_answer(answer(xml), base=base, languages=languages)
    assert (told(read.trouble), read.fault) == ("", "")
    return links_of(read.records, rules or OaiRules())


def dc(**elements: str | list[str]) -> str:
    """Return elements of Dublin Core."""
    pairs = [
        (name, value) for name, given in elements.items() for value in ([given] if isinstance(given, str) else given)
    ]
    return "".join(f"<dc:{name}>{value}</dc:{name}>" for name, value in pairs)


def values(link: Link, name: str) -> list[str]:
    return [each.value for each in link.evidence.get(name, ())]


def other_format(root: str) -> str:
    return (
        "<record><header><identifier>oai:site:1</identifier><datestamp>2020-01-01</datestamp></header>"
        f"<metadata>{root}</metadata></record>"
    )


def test_a_record_of_dspace_leads_to_its_landing_page_with_all_that_it_says():
    (link,) = found(
        dc(
            title="Women in Informal Employment",
            creator=["Chen, Martha", "Carré, Françoise"],
            subject=["informal economy", "street vendors; home-based work"],
            description=["2020-05-01", "A long abstract that says what the paper is about, and how it was written."],
            date=["2014-05-02T10:11:12Z", "2014-05-02T10:11:12Z", "2013-11"],
            type=["info:eu-repo/semantics/workingPaper", "Working Paper"],
            identifier=[
                "978-92-2-130785-3", "10.1596/1813-9450-1", "http://hdl.handle.net/10986/123",
                "https://repository.example.org/handle/10986/123", "Chen, M. 2013. Women in Informal Employment.",
            ],
            language="en_US",
            relation="Policy Research Working Paper;No. 1234",
            rights=["CC BY 3.0 IGO", "http://creativecommons.org/licenses/by/3.0/igo", "info:eu-repo/semantics/openAccess"],
            publisher="World Bank",
            coverage=["Ghana", "2010-2012"],
        )
    ).links  # fmt: skip
    assert (link.kind, link.url) == (LinkKind.LANDING, "https://repository.example.org/handle/10986/123")
    assert (link.record, link.modified, link.kinds) == ("oai:site:1", "2020-01-01", ("workingpaper", "working paper"))
    assert {name: values(link, name) for name in link.evidence} == {
        "title": ["Women in Informal Employment"],
        "author": ["Chen, Martha", "Carré, Françoise"],
        "keyword": ["informal economy", "street vendors", "home-based work"],
        "abstract": ["A long abstract that says what the paper is about, and how it was written.", "2020-05-01"],
        "date": ["2013-11", "2014-05-02T10:11:12Z"],
        "type": ["workingPaper", "Working Paper"],
        "isbn": ["9789221307853"],
        "doi": ["10.1596/1813-9450-1"],
        "lang": ["en_US"],
        "series": ["Policy Research Working Paper;No. 1234"],
        "licence": ["CC BY 3.0 IGO", "http://creativecommons.org/licenses/by/3.0/igo"],
        "publisher": ["World Bank"],
        "country": ["Ghana"],
    }
    assert {str(each.origin) for given in link.evidence.values() for each in given} == {"record:oai_dc"}


def test_a_record_of_eprints_leads_to_its_pdfs_and_not_to_its_pictures():
    found_here = found(
        dc(
            title="A paper",
            identifier=[
                "https://eprints.site.ac.uk/12/1/paper_en.pdf", "https://eprints.site.ac.uk/12/2/paper_es.pdf",
                "https://eprints.site.ac.uk/12/3/preview.jpg", "https://eprints.site.ac.uk/12/4/cover.pdf",
                "https://eprints.site.ac.uk/12/5/table.xlsx", "Doe, J. (2010) A paper. Journal of Work, 3.",
            ],
            relation="https://eprints.site.ac.uk/12/",
        ),
        base="https://eprints.site.ac.uk/cgi/oai2",
    )  # fmt: skip
    assert [(link.kind, link.url, link.landing_url) for link in found_here.links] == [
        (LinkKind.FILE, "https://eprints.site.ac.uk/12/1/paper_en.pdf", "https://eprints.site.ac.uk/12/"),
        (LinkKind.FILE, "https://eprints.site.ac.uk/12/2/paper_es.pdf", "https://eprints.site.ac.uk/12/"),
    ]
    assert all("pdf" in link.kinds and link.record == "oai:site:1" for link in found_here.links)
    assert told(found_here.skipped) == {"kind: picture": 1, "kind: spreadsheet": 1, "cover, form or notice": 1}


def test_a_record_of_digital_commons_leads_to_what_it_offers_for_download():
    (link,) = found(
        dc(
            identifier=[
                "https://commons.example.edu/papers/7",
                "https://commons.example.edu/cgi/viewcontent.cgi?article=1006&amp;context=papers",
            ]
        )
    ).links
    assert (link.kind, link.url) == (
        LinkKind.FILE, "https://commons.example.edu/cgi/viewcontent.cgi?article=1006&context=papers",
    )  # fmt: skip
    assert link.landing_url == "https://commons.example.edu/papers/7"


def test_a_record_of_a_journal_leads_to_its_article_and_names_the_journal():
    (link,) = found(
        dc(
            title="El comercio informal",
            identifier="https://revista.example.org/index.php/r/article/view/12",
            relation="https://revista.example.org/index.php/r/article/view/12/34",
            source=["Revista de Trabajo; Vol. 3 Núm. 2 (2010); 1-20", "0378-5955", "2049-3630"],
        ),
        base="https://revista.example.org/index.php/r/oai",
    ).links
    assert link.url == "https://revista.example.org/index.php/r/article/view/12"
    assert values(link, "series") == ["Revista de Trabajo"]
    assert values(link, "issn") == ["0378-5955", "2049-3630"]


@pytest.mark.parametrize(
    ("identifiers", "page"),
    [
        (["doi:10.1234/AbC.5"], "https://doi.org/10.1234/abc.5"),
        (["https://dx.doi.org/10.1234/abc.5", "hdl:10419/77"], "https://hdl.handle.net/10419/77"),
        (["http://hdl.handle.net/10419/77", "https://www.site.org/paper"], "https://www.site.org/paper"),
        (["https://elsewhere.net/paper", "https://www.example.org/paper"], "https://www.example.org/paper"),
        (["https://creativecommons.org/licenses/by/4.0/", "https://orcid.org/0000-0002-1825-0097"], ""),
        (["https://www.example.org/"], ""),
        (["oai:site:1", "12345", "urn:nbn:de:101:1-2010", "WP/10/12"], ""),
        (["https://www.example.org/a b"], "https://www.example.org/a"),
        (["https://www.example.org/a?x=1&amp;amp;y=2"], "https://www.example.org/a?x=1&y=2"),
        (["http://[broken", "https://user:word@[::1/x"], ""),
    ],
)
def test_the_nearest_page_is_the_landing_page(identifiers, page):
    assert [link.url for link in found(dc(identifier=identifiers)).links] == ([page] if page else [])


def test_a_record_that_leads_nowhere_is_counted():
    assert told(found(dc(title="A paper")).skipped) == {"record without an address": 1}
    denied = found(dc(identifier="https://x.example.org/files/1.pdf"), rules=OaiRules(landing="never"))
    assert len(denied.links) == 1
    assert told(found(dc(identifier="https://x.example.org/1"), rules=OaiRules(landing="never")).skipped) == {
        "record without a file": 1
    }


def test_what_is_only_related_is_no_file_of_the_publication():
    found_here = found(
        dc(identifier="https://repository.example.org/7", relation=["https://other.net/cited.pdf", "doi:10.1/2"])
    )
    assert [link.url for link in found_here.links] == ["https://repository.example.org/7"]
    assert told(found_here.skipped) == {"file of something related": 1}
    assert "doi" not in found_here.links[0].evidence


def test_an_annual_report_is_left_unless_the_record_is_about_it():
    report = dc(identifier=["https://x.example.org/7", "https://x.example.org/annual-report-2010.pdf"])
    assert [link.kind for link in found(report).links] == [LinkKind.LANDING]
    assert [link.kind for link in found(dc(title="Annual report 2010") + report).links] == [LinkKind.FILE]


def test_landing_pages_can_be_wanted_always():
    both = dc(identifier=["https://x.example.org/7", "https://x.example.org/7.pdf"])
    (link,) = found(both, rules=OaiRules(landing="always")).links
    assert (link.kind, link.url, link.files) == (
        LinkKind.LANDING, "https://x.example.org/7", ("https://x.example.org/7.pdf",),
    )  # fmt: skip


TITLES = (
    '<dc:title xml:lang="fr">Titre</dc:title><dc:title xml:lang="en-US">Title</dc:title>'
    '<dc:title xml:lang="es">Título</dc:title><dc:identifier>https://x.example.org/7</dc:identifier>'
)


@pytest.mark.parametrize(
    ("inner", "order"),
    [
        (TITLES, ["Title", "Título", "Titre"]),
        (TITLES + "<dc:language>spa</dc:language>", ["Título", "Title", "Titre"]),
        (TITLES + "<dc:title>Bare</dc:title><dc:language>fre</dc:language>", ["Titre", "Bare", "Title", "Título"]),
    ],
)
def test_titles_stand_in_the_order_of_languages_the_publications_own_first(inner, order):
    (link,) = found(inner, languages=("en", "es")).links
    assert values(link, "title") == order


def test_markup_in_values_is_no_part_of_them():
    (link,) = found(
        dc(
            title="Work &amp;amp; pay &lt;i&gt;in&lt;/i&gt; Accra",
            description="&lt;p&gt;Traders&amp;nbsp;earn&lt;/p&gt; less: n &lt; 5.",
            identifier="https://x.example.org/7",
        )
    ).links
    assert values(link, "title") == ["Work & pay in Accra"]
    assert values(link, "abstract") == ["Traders earn less: n < 5."]


def test_contributors_are_authors_where_there_are_no_creators():
    page = dc(identifier="https://x.example.org/7", contributor="WIEGO")
    assert values(found(page).links[0], "author") == ["WIEGO"]
    assert values(found(page + dc(creator="Chen, Martha")).links[0], "author") == ["Chen, Martha"]


def bitstream(name: str, *, format_: str = "application/pdf", size: int = 5, description: str = "") -> str:
    url = f"https://repository.example.org/bitstreams/{abs(hash(name)) % 999}/download"
    pairs = {
        "name": name,
        "originalName": name,
        "description": description,
        "format": format_,
        "size": size,
        "url": url,
    }
    return f'<element name="bitstream">{"".join(_field(each, value) for each, value in pairs.items())}</element>'


def _field(name: str, value: object) -> str:
    return f'<field name="{name}">{value}</field>'


def bundle(name: str, *bitstreams: str) -> str:
    streams = f'<element name="bitstreams">{"".join(bitstreams)}</element>'
    return f'<element name="bundle">{_field("name", name)}{streams}</element>'


XOAI = (
    '<metadata xmlns="http://www.lyncode.com/xoai"><element name="dc">'
    '<element name="contributor"><element name="author"><element name="none"><field name="value">Chen, M.</field>'
    '<field name="authority">1</field><field name="value">Roe, R.</field></element></element></element>'
    '<element name="date"><element name="accessioned"><element name="none"><field name="value">2014-01-01T00:00:00Z</field>'
    '</element></element><element name="issued"><element name="none"><field name="value">2013</field></element></element>'
    '</element><element name="title"><element name="es_ES"><field name="value">Trabajo</field></element></element>'
    '<element name="identifier"><element name="uri"><element name="none">'
    '<field name="value">https://hdl.handle.net/10419/9</field></element></element>'
    '<element name="isbn"><element name="none"><field name="value">978-92-2-130785-3</field></element></element></element>'
    '</element><element name="bundles">{bundles}</element></metadata>'
)


def test_xoai_names_the_files_of_the_bundle_original_only():
    xml = XOAI.format(
        bundles=bundle(
            "ORIGINAL",
            bitstream("paper_en.pdf", description="English PDF"),
            bitstream("informe.pdf", description="PDF en español"),
            bitstream("cover.pdf"),
            bitstream("data.zip", format_="application/zip"),
            bitstream("nothing.pdf", size=0),
        )
        + bundle("TEXT", bitstream("paper_en.pdf.txt", format_="text/plain"))
        + bundle("THUMBNAIL", bitstream("paper_en.pdf.jpg", format_="image/jpeg"))
        + bundle("LICENSE", bitstream("license.txt", format_="text/plain"))
    )
    found_here = found_in(other_format(xml))
    assert [values(link, "lang") for link in found_here.links] == [["en"], ["es"]]
    assert {link.kind for link in found_here.links} == {LinkKind.FILE}
    assert {link.landing_url for link in found_here.links} == {"https://hdl.handle.net/10419/9"}
    assert all("pdf" in link.kinds for link in found_here.links)
    assert told(found_here.skipped) == {
        "cover, form or notice": 1, "kind: archive": 1, "empty file": 1,
        "bundle: TEXT": 1, "bundle: THUMBNAIL": 1, "bundle: LICENSE": 1,
    }  # fmt: skip
    link = found_here.links[0]
    assert values(link, "author") == ["Chen, M.", "Roe, R."]
    assert (values(link, "date"), values(link, "title"), values(link, "isbn")) == (
        ["2013"],
        ["Trabajo"],
        ["9789221307853"],
    )
    assert str(link.evidence["title"][0].origin) == "record:xoai"


MODS = """<mods:mods xmlns:mods="http://www.loc.gov/mods/v3" xmlns:xlink="http://www.w3.org/1999/xlink" version="3.7">
<mods:titleInfo><mods:nonSort>The</mods:nonSort><mods:title>informal city</mods:title>
  <mods:subTitle>street trade in Accra</mods:subTitle></mods:titleInfo>
<mods:titleInfo type="abbreviated"><mods:title>Inf. city</mods:title></mods:titleInfo>
<mods:name type="personal"><mods:namePart type="given">Ann</mods:namePart><mods:namePart type="family">Doe</mods:namePart>
  <mods:role><mods:roleTerm type="code">aut</mods:roleTerm></mods:role></mods:name>
<mods:name type="personal"><mods:namePart>Roe, Richard</mods:namePart>
  <mods:role><mods:roleTerm type="text">Supervisor</mods:roleTerm></mods:role></mods:name>
<mods:typeOfResource>text</mods:typeOfResource><mods:genre>working paper</mods:genre>
<mods:originInfo><mods:publisher>WIEGO</mods:publisher><mods:dateCreated>2011</mods:dateCreated>
  <mods:dateIssued encoding="w3cdtf" keyDate="yes">2012-03</mods:dateIssued></mods:originInfo>
<mods:language><mods:languageTerm authority="iso639-2b">eng</mods:languageTerm></mods:language>
<mods:abstract lang="eng">What traders earn.</mods:abstract>
<mods:subject><mods:topic>street vendors</mods:topic><mods:geographic>Ghana</mods:geographic></mods:subject>
<mods:relatedItem type="series"><mods:titleInfo><mods:title>Working Papers</mods:title><mods:partNumber>12</mods:partNumber>
  </mods:titleInfo><mods:identifier type="issn">2049-3630</mods:identifier></mods:relatedItem>
<mods:relatedItem type="references"><mods:location><mods:url>https://repository.example.org/cited.pdf</mods:url>
  </mods:location></mods:relatedItem>
<mods:identifier type="isbn">978-92-2-130785-3</mods:identifier><mods:identifier type="doi">10.1234/x</mods:identifier>
<mods:location><mods:url access="object in context" usage="primary display">https://repository.example.org/7</mods:url>
  <mods:url access="raw object">https://repository.example.org/get/7</mods:url>
  <mods:url access="preview">https://repository.example.org/thumb/7</mods:url></mods:location>
<mods:accessCondition type="use and reproduction" xlink:href="https://creativecommons.org/licenses/by/4.0/">CC BY
  </mods:accessCondition></mods:mods>"""


def test_mods_gives_titles_names_by_role_dates_series_and_the_raw_file():
    found_here = found_in(other_format(MODS))
    (link,) = found_here.links
    assert (link.kind, link.url) == (LinkKind.FILE, "https://repository.example.org/get/7")
    assert link.landing_url == "https://repository.example.org/7"
    assert {name: values(link, name) for name in link.evidence} == {
        "date": ["2012-03", "2011"],
        "title": ["The informal city: street trade in Accra"],
        "author": ["Doe, Ann"],
        "type": ["working paper", "text"],
        "publisher": ["WIEGO"],
        "lang": ["eng"],
        "abstract": ["What traders earn."],
        "keyword": ["street vendors"],
        "country": ["Ghana"],
        "series": ["Working Papers. 12"],
        "issn": ["2049-3630"],
        "isbn": ["9789221307853"],
        "doi": ["10.1234/x"],
        "licence": ["https://creativecommons.org/licenses/by/4.0/"],
    }
    assert told(found_here.skipped) == {"cover, form or notice": 1}


MARC = """<marc:record xmlns:marc="http://www.loc.gov/MARC21/slim"><marc:leader>00000nam a</marc:leader>
<marc:controlfield tag="008">110101s2011    xx            000 0 eng d</marc:controlfield>
<marc:datafield tag="245" ind1="1" ind2="0"><marc:subfield code="a">Informal work :</marc:subfield>
  <marc:subfield code="b">a report /</marc:subfield></marc:datafield>
<marc:datafield tag="710"><marc:subfield code="a">UN Women</marc:subfield></marc:datafield>
<marc:datafield tag="269"><marc:subfield code="a">2015-10-21</marc:subfield></marc:datafield>
<marc:datafield tag="650"><marc:subfield code="a">INFORMAL SECTOR</marc:subfield></marc:datafield>
<marc:datafield tag="856" ind1="4"><marc:subfield code="u">https://library.example.org/record/1/files/A_70_1-EN.pdf</marc:subfield>
  <marc:subfield code="y">English</marc:subfield></marc:datafield>
<marc:datafield tag="856" ind1="4"><marc:subfield code="u">https://library.example.org/record/1/files/A_70_1-FR.pdf</marc:subfield>
  <marc:subfield code="y">Français</marc:subfield></marc:datafield>
<marc:datafield tag="856" ind1="4"><marc:subfield code="u">https://library.example.org/record/1/files/x.jpg</marc:subfield>
  </marc:datafield></marc:record>"""


def test_marc_gives_each_language_of_a_text_as_a_file():
    found_here = found_in(other_format(MARC))
    assert [(link.url[-6:], values(link, "lang")) for link in found_here.links] == [
        ("EN.pdf", ["en"]),
        ("FR.pdf", ["fr"]),
    ]
    assert values(found_here.links[0], "title") == ["Informal work : a report"]
    assert values(found_here.links[0], "date") == ["2015-10-21"]
    assert told(found_here.skipped) == {"kind: picture": 1}


def test_qualified_dublin_core_tells_dates_and_series_apart():
    xml = f"""<qdc:qualifieddc xmlns:qdc="http://dspace.org/qualifieddc/" {DC} xmlns:dcterms="http://purl.org/dc/terms/">
    <dc:title>A paper</dc:title><dcterms:available>2014-01-01T00:00:00Z</dcterms:available><dcterms:issued>2013</dcterms:issued>
    <dcterms:abstract>What it says.</dcterms:abstract><dcterms:isPartOf>Working Papers</dcterms:isPartOf>
    <dc:identifier>https://x.example.org/7</dc:identifier></qdc:qualifieddc>"""
    (link,) = found_in(other_format(xml)).links
    assert values(link, "date") == ["2013", "2014-01-01T00:00:00Z"]
    assert (values(link, "series"), values(link, "abstract")) == (["Working Papers"], ["What it says."])
    assert str(link.evidence["title"][0].origin) == "record:qdc"


def test_a_format_that_is_not_read_is_counted():
    assert told(found_in(other_format("<epicur xmlns='urn:x'><a/></epicur>")).skipped) == {
        "record in a format that is not read": 1
    }


def test_classes_of_dewey_are_no_keywords():
    subjects = ["ddc:330", "info:eu-repo/classification/ddc/331", "informal economy", "DDC users"]
    (lead,) = found(dc(title="A", subject=subjects, identifier="https://repository.example.org/1.pdf")).links
    assert values(lead, "keyword") == ["informal economy", "DDC users"]
