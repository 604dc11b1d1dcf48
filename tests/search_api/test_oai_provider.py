"""What the OAI-PMH provider answers: every verb, every error, dates, sets, deletions, tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from corpus.rights import EVERYTHING, RightsPolicy
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.store.listing import ListSelection
from corpus.types import Document
from corpus.vocabulary import load_vocabulary
from search_api.oai.provider import OaiProvider
from search_api.oai.tokens import TOKEN_LIFETIME, OaiTokens
from tests.builders import make_document, make_source, make_tag
from tests.corpus.test_store_reads import statements

NAMES = {"o": "http://www.openarchives.org/OAI/2.0/", "dc": "http://purl.org/dc/elements/1.1/"}
HOST = "pushcart.example"
LIST = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}


def library() -> tuple[Document, ...]:
    """Return six documents; the last is removed by the fixture."""
    lima = make_document(
        "dlima",
        source="wiego",
        title="Comercio & trabajo <en> Lima",
        lang="es",
        authors=("Rosa Quispe",),
        publisher="WIEGO",
        published="2019-05",
        type="working_paper",
        abstract="Vendedores " * 200,
        licence="CC BY 4.0",
        landing_url="https://example.org/lima",
        identifiers={"doi": "10.1000/182", "isbn": "9789221234567"},
        tags=(make_tag("country", "PER"), make_tag("group", "street_vendors"), make_tag("region", "419")),
    )
    accra = make_document("daccra", source="wiego", tags=(make_tag("group", "waste_pickers"),))
    mention = make_document(
        "dmention", source="ilo", tags=(make_tag("group", "street_vendors", about=False, weight=0.1),)
    )
    own = make_document("down", source="ilo", url="file:///home/somebody/secret/notes.pdf")
    sample = make_document("dsample", source="sample", is_sample=True)
    return (lima, accra, mention, own, sample, make_document("dgone", source="wiego"))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with open_store(settings) as store:
        for slug in ("wiego", "ilo", "sample"):
            store.sources.save(make_source(slug, name=f"{slug} publications"))
        for document in library():
            store.documents.save(document, tagger_version="1")
        store.documents.remove("dgone")
        yield store


@pytest.fixture
def provider(store: Store, settings: Settings) -> OaiProvider:
    return OaiProvider(
        settings=replace(settings, public_url=f"https://{HOST}", contact="librarian@example.org"),
        store=store,
        vocabulary=load_vocabulary(),
        rights=EVERYTHING,
        tokens=OaiTokens(lambda: b"a key of a test"),
    )


def ask(provider: OaiProvider, *, now: datetime | None = None, **given: str) -> etree._Element:
    pairs = [(name.rstrip("_"), value) for name, value in given.items()]
    return etree.fromstring(provider.answer(pairs, now=now or datetime.now(UTC)))


def found(root: etree._Element, path: str) -> list[str]:
    return [str(each) for each in root.xpath(path, namespaces=NAMES)]


def ids(root: etree._Element) -> list[str]:
    return [each.rpartition(":")[2] for each in found(root, "//o:header/o:identifier/text()")]


def error(root: etree._Element) -> str:
    return "".join(found(root, "//o:error/@code"))


def test_identify_says_what_the_repository_is(provider):
    root = ask(provider, verb="Identify")
    for name, value in {
        "baseURL": f"https://{HOST}/oai",
        "protocolVersion": "2.0",
        "adminEmail": "librarian@example.org",
        "deletedRecord": "persistent",
        "granularity": "YYYY-MM-DDThh:mm:ssZ",
    }.items():
        assert found(root, f"//o:{name}/text()") == [value]
    assert found(root, "//o:earliestDatestamp/text()")[0] <= found(root, "//o:responseDate/text()")[0]
    assert "".join(root.xpath("//*[local-name()='repositoryIdentifier']/text()")) == HOST


def test_the_one_format_is_listed_for_the_repository_and_for_a_record(provider):
    for more in ({}, {"identifier": f"oai:{HOST}:dlima"}):
        assert found(ask(provider, verb="ListMetadataFormats", **more), "//o:metadataPrefix/text()") == ["oai_dc"]
    assert error(ask(provider, verb="ListMetadataFormats", identifier="oai:x:y")) == "idDoesNotExist"


def test_sets_are_sources_and_worker_groups(provider):
    specs = found(ask(provider, verb="ListSets"), "//o:setSpec/text()")
    assert {"source", "source:wiego", "group", "group:street_vendors"} <= set(specs)
    assert error(ask(provider, verb="ListSets", resumptionToken="x")) == "badResumptionToken"


def test_records_come_in_the_order_of_their_changes_with_deletions(provider, store):
    store.documents.save(replace(library()[1], title="Another title"), tagger_version="1")
    root = ask(provider, **LIST)
    assert ids(root) == ["dlima", "dmention", "down", "dsample", "dgone", "daccra"]
    assert found(root, "//o:header[@status='deleted']/o:identifier/text()") == [f"oai:{HOST}:dgone"]
    assert len(root.findall(".//o:metadata", NAMES)) == 5
    assert not root.findall(".//o:resumptionToken", NAMES)


def test_a_record_is_described_and_its_text_is_not_given(provider):
    root = ask(provider, verb="GetRecord", metadataPrefix="oai_dc", identifier=f"oai:{HOST}:dlima")

    def values(name: str) -> list[str]:
        return found(root, f"//dc:{name}/text()")

    assert values("title") == ["Comercio & trabajo <en> Lima"]
    assert values("creator") == ["Quispe, Rosa"]
    assert values("date") == ["2019-05"]
    assert values("identifier") == [
        f"https://{HOST}/documents/dlima",
        "https://doi.org/10.1000/182",
        "urn:ISBN:9789221234567",
        "https://example.org/lima",
        "https://example.org/dlima.pdf",
    ]
    assert values("rights") == ["CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"]
    assert "Street vendors" in values("subject")
    assert values("coverage") == ["Peru", "Perú"]
    assert found(root, "//o:setSpec/text()") == ["source:wiego", "group:street_vendors"]
    assert b"Text of the only page" not in etree.tostring(root)


def test_of_a_document_whose_rights_are_reserved_the_abstract_is_cut(provider, store):
    strict = replace(provider, rights=RightsPolicy(follows=True))
    store.documents.save(replace(library()[0], licence="All rights reserved"), tagger_version="1")
    asked = {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": f"oai:{HOST}:dlima"}
    (text,) = found(ask(strict, **asked), "//dc:description/text()")
    assert len(text) <= 1_002 < len(found(ask(provider, **asked), "//dc:description/text()")[0])


def test_the_folder_of_an_own_file_is_not_told_and_a_sample_says_that_it_is_one(provider):
    text = etree.tostring(ask(provider, **LIST)).decode()
    assert "somebody" not in text
    assert "A sample written for Pushcart" in text


def test_signs_that_xml_does_not_know_do_not_break_an_answer(provider, store):
    store.documents.save(make_document("dodd", title="A \ufffe\u0001title \ud800 ]]> &amp;"), tagger_version="1")
    root = ask(provider, verb="GetRecord", metadataPrefix="oai_dc", identifier=f"oai:{HOST}:dodd")
    assert found(root, "//dc:title/text()")[0].endswith("]]> &amp;")


def test_a_removed_record_is_deleted_for_who_asks_for_it_alone(provider):
    root = ask(provider, verb="GetRecord", metadataPrefix="oai_dc", identifier=f"oai:{HOST}:dgone")
    assert found(root, "//o:header/@status") == ["deleted"]


@pytest.mark.parametrize(
    ("spec", "members"),
    [
        ("source:wiego", ["dlima", "daccra", "dgone"]),
        ("source:ilo", ["dmention", "down", "dgone"]),
        ("group:street_vendors", ["dlima", "dgone"]),
        ("group", ["dlima", "daccra", "dgone"]),
        ("source", ["dlima", "daccra", "dmention", "down", "dsample", "dgone"]),
    ],
)
def test_a_set_has_its_documents_and_all_deletions(provider, spec, members):
    assert ids(ask(provider, **LIST, set=spec)) == members


def test_from_and_until_take_whole_days_and_whole_seconds(provider, store):
    at = {each.id: each.changed_at for each in store.changes.listed(ListSelection(), after=0, limit=99)}
    day, second = at["dlima"].strftime("%Y-%m-%d"), at["dlima"].strftime("%Y-%m-%dT%H:%M:%SZ")
    assert "dlima" in ids(ask(provider, **LIST, from_=day, until=day))
    assert "dlima" in ids(ask(provider, **LIST, from_=second, until=second))
    tomorrow = (at["dgone"] + timedelta(days=1)).strftime("%Y-%m-%d")
    assert error(ask(provider, **LIST, from_=tomorrow)) == "noRecordsMatch"
    assert error(ask(provider, **LIST, until="2000-01-01T00:00:00Z")) == "noRecordsMatch"
    assert error(ask(provider, **LIST, until="9999-12-31")) == ""


def test_a_list_in_parts_is_the_list_and_ends_with_an_empty_token(provider, store):
    small, collected, given = replace(provider, page_records=2), [], dict(LIST)
    for place in ("0", "2", "4"):
        root = ask(small, **given)
        collected += ids(root)
        assert found(root, "//o:resumptionToken/@cursor") == [place]
        (token,) = found(root, "//o:resumptionToken/text()") or [""]
        given = {"verb": "ListRecords", "resumptionToken": token}
    assert token == ""
    assert collected == ids(ask(provider, **LIST))


def test_what_changes_between_two_parts_comes_once_more_and_nothing_is_left_out(provider, store):
    small = replace(provider, page_records=2)
    root = ask(small, **LIST)
    seen = ids(root)
    store.documents.save(replace(library()[3], title="Changed meanwhile"), tagger_version="1")
    while token := "".join(found(root, "//o:resumptionToken/text()")):
        root = ask(small, verb="ListRecords", resumptionToken=token)
        seen += ids(root)
    assert sorted(set(seen)) == sorted(ids(ask(provider, **LIST)))
    assert seen[-1] == "down"


def test_a_token_is_refused_for_another_verb_when_forged_and_when_old(provider):
    token = found(ask(replace(provider, page_records=2), **LIST), "//o:resumptionToken/text()")[0]
    later = datetime.now(UTC) + TOKEN_LIFETIME + timedelta(minutes=1)
    refused = "badResumptionToken"
    assert error(ask(provider, verb="ListIdentifiers", resumptionToken=token)) == refused
    assert error(ask(provider, verb="ListRecords", resumptionToken=f"{token}x")) == refused
    assert error(ask(provider, verb="ListRecords", resumptionToken="")) == refused
    assert error(ask(provider, verb="ListRecords", resumptionToken=token, now=later)) == refused
    assert error(ask(provider, verb="ListRecords", resumptionToken=token)) == ""


def test_identifiers_are_listed_without_metadata(provider):
    root = ask(provider, verb="ListIdentifiers", metadataPrefix="oai_dc")
    assert len(ids(root)) == 6
    assert not root.findall(".//o:metadata", NAMES)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([], "badVerb"),
        ([("verb", "ListAll")], "badVerb"),
        ([("verb", "Identify"), ("verb", "Identify")], "badVerb"),
        ([("verb", "Identify"), ("set", "source")], "badArgument"),
        ([("verb", "ListRecords")], "badArgument"),
        ([("verb", "GetRecord"), ("metadataPrefix", "oai_dc")], "badArgument"),
        ([*LIST.items(), ("from", "2026-1-1")], "badArgument"),
        ([*LIST.items(), ("from", "2026-02-30")], "badArgument"),
        ([*LIST.items(), ("from", "2026-01-01T10:00:00")], "badArgument"),
        ([*LIST.items(), ("from", "")], "badArgument"),
        ([*LIST.items(), ("from", "2026-01-02"), ("until", "2026-01-01")], "badArgument"),
        ([*LIST.items(), ("from", "2026-01-01"), ("until", "2026-01-02T00:00:00Z")], "badArgument"),
        ([*LIST.items(), ("set", "a b")], "badArgument"),
        ([*LIST.items(), ("set", "source"), ("set", "group")], "badArgument"),
        ([*LIST.items(), ("resumptionToken", "x")], "badArgument"),
        ([("verb", "ListRecords"), ("metadataPrefix", "marcxml")], "cannotDisseminateFormat"),
        ([*LIST.items(), ("set", "source:nobody")], "noRecordsMatch"),
        ([*LIST.items(), ("set", "place:PER")], "noRecordsMatch"),
        ([("verb", "GetRecord"), ("metadataPrefix", "oai_dc"), ("identifier", f"oai:{HOST}:none")], "idDoesNotExist"),
        ([("verb", "GetRecord"), ("metadataPrefix", "oai_dc"), ("identifier", "dlima")], "idDoesNotExist"),
        ([("verb", "GetRecord"), ("metadataPrefix", "oai_dc"), ("identifier", "a\x00\x1b\ud800")], "idDoesNotExist"),
        ([("verb", "Identify"), ("a\x00 b<", "1")], "badArgument"),
    ],
)
def test_a_wrong_request_is_answered_with_its_code(provider, given, code):
    root = etree.fromstring(provider.answer(given, now=datetime.now(UTC)))
    assert error(root) == code
    is_repeated = bool(root.find("o:request", NAMES).attrib)
    assert is_repeated is (code not in ("badVerb", "badArgument"))


def test_a_part_of_a_list_is_one_query(provider):
    small = replace(provider, page_records=2)
    token = found(ask(small, **LIST), "//o:resumptionToken/text()")[0]
    with statements() as sent:
        ask(small, verb="ListRecords", resumptionToken=token)
    assert len(sent) == 1, "\n".join(sent)


def test_an_empty_repository_answers_too(settings):
    with open_store(settings) as empty:
        provider = OaiProvider(settings, empty, load_vocabulary(), EVERYTHING, OaiTokens(lambda: b"a key"))
        assert error(ask(provider, **LIST)) == "noRecordsMatch"
        assert found(ask(provider, verb="Identify"), "//o:adminEmail/text()") == ["postmaster@localhost"]
