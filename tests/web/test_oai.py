"""Harvesters at /oai: Sickle and our own read every record and every deletion, a thousand at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from sickle import Sickle
from sickle.oaiexceptions import BadResumptionToken, NoRecordsMatch

from corpus.settings import Settings
from corpus.store import open_store, rows
from corpus.store.opening import database_url
from corpus.store.tables import changes, counters, documents, tags
from corpus.types import ChangeKind
from crawler.sources.rules import OaiRules
from crawler.spiders.oai.list_harvest import RepositoryHarvest, Since
from crawler.spiders.oai.parse import OaiRecord, read_answer
from tests.builders import A_DAY, make_document, make_source, make_tag
from tests.web.library import settings_in
from web.app import make_app

HELD, GONE = 1_200, 4
REMOVED = frozenset(f"dbulk{number * 300 + 5:05}" for number in range(GONE))


def fill_in_bulk(settings: Settings) -> None:
    """Write documents one second apart, and remove some of them as a person does."""
    with open_store(settings) as store:
        store.sources.save(make_source("bulk", name="Very many"))
        numbered = list(enumerate((make_document(f"dbulk{n:05}", source="bulk") for n in range(HELD + GONE)), start=1))
        engine = sa.create_engine(database_url(settings))
        with engine.begin() as connection:
            first = [{"first_seen": A_DAY, "first_sequence": number, "work": each.id} for number, each in numbered]
            values = [rows.document_values(each, "1") for _, each in numbered]
            connection.execute(
                sa.insert(documents),
                [own | {"fold": "", "copies": ""} | more for own, more in zip(values, first, strict=True)],
            )
            tag = make_tag("group", "street_vendors")
            connection.execute(sa.insert(tags), [rows.tag_values(each.id, tag) for _, each in numbered])
            logged = [
                {"sequence": number, "document_id": each.id, "kind": ChangeKind.ADDED.value}
                | {"at": A_DAY + timedelta(seconds=number)}
                for number, each in numbered
            ]
            connection.execute(sa.insert(changes), logged)
            counted = sa.update(counters).where(counters.c.name == "change")
            connection.execute(counted.values(value=numbered[-1][0]))
        engine.dispose()
        for each in sorted(REMOVED):
            store.documents.remove(each)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    settings = settings_in(tmp_path_factory.mktemp("many"))
    fill_in_bulk(settings)
    return TestClient(make_app(settings))  # not started: nothing of it needs the index


class SickleOnTheApplication(Sickle):
    """Sickle, whose requests go to the application without a socket."""

    def __init__(self, client: TestClient, *, http_method: str = "GET") -> None:
        super().__init__("/oai", http_method=http_method)
        self.client = client

    def _request(self, kwargs: dict[str, str]):
        if self.http_method == "GET":
            return self.client.get(self.endpoint, params=kwargs)
        return self.client.post(self.endpoint, data=kwargs)


def short(identifier: str) -> str:
    return identifier.rpartition(":")[2]


def test_sickle_reads_every_record_and_every_deletion(many):
    records = list(SickleOnTheApplication(many).ListRecords(metadataPrefix="oai_dc"))
    assert len(records) == HELD + GONE
    assert {short(each.header.identifier) for each in records if each.deleted} == REMOVED
    held = [each for each in records if not each.deleted]
    assert all(each.metadata["title"] == [f"Title of {short(each.header.identifier)}"] for each in held)
    assert all(each.header.setSpecs == ["source:bulk", "group:street_vendors"] for each in held)


def test_sickle_reads_headers_sets_formats_identity_and_one_record_by_post(many):
    sickle = SickleOnTheApplication(many, http_method="POST")
    headers = list(sickle.ListIdentifiers(metadataPrefix="oai_dc", set="group:street_vendors"))
    assert len(headers) == HELD + GONE
    assert "source:bulk" in {each.setSpec for each in sickle.ListSets()}
    assert [each.metadataPrefix for each in sickle.ListMetadataFormats()] == ["oai_dc"]
    assert sickle.Identify().deletedRecord == "persistent"
    record = sickle.GetRecord(identifier="oai:pushcart.example:dbulk00000", metadataPrefix="oai_dc")
    assert record.metadata["identifier"][0] == "https://pushcart.example/documents/dbulk00000"


def test_sickle_reads_what_changed_since_a_moment_and_is_told_errors(many):
    sickle = SickleOnTheApplication(many)
    since = (A_DAY + timedelta(seconds=HELD)).strftime("%Y-%m-%dT%H:%M:%SZ")
    records = list(sickle.ListRecords(**{"metadataPrefix": "oai_dc", "from": since}))
    assert len(records) == GONE + 1 + GONE
    with pytest.raises(NoRecordsMatch):
        sickle.ListRecords(metadataPrefix="oai_dc", set="source:nobody")
    with pytest.raises(BadResumptionToken):
        sickle.ListRecords(resumptionToken="forged")


def test_our_own_harvester_reads_every_record_and_every_deletion(many):
    walk = RepositoryHarvest("/oai", OaiRules(), since=Since(None, datetime.now(UTC)))
    records: list[OaiRecord] = []
    pages = []
    while walk.asking is not None:
        response = many.get(walk.asking.url)
        answer = read_answer(response.content)
        assert not answer.trouble
        assert not answer.fault
        pages += [len(answer.records)] * bool(answer.records)
        records += answer.records
        step = walk.take(answer, status=response.status_code)
        assert step.trouble is None
        assert step.note is None
    assert pages == [1_000, HELD + GONE - 1_000]
    assert {short(each.identifier) for each in records} == {f"dbulk{n:05}" for n in range(HELD + GONE)}
    assert {short(each.identifier) for each in records if each.is_deleted} == REMOVED
    assert all(each.description is not None for each in records if not each.is_deleted)


def test_an_answer_is_xml_whatever_is_sent(client):
    for method, path in (("get", "/oai"), ("get", "/oai?verb=%00%1b&set=%ff"), ("post", "/oai")):
        response = getattr(client, method)(path)
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/xml; charset=utf-8"
        assert b'code="badVerb"' in response.content
    assert client.head("/oai?verb=Identify").status_code == 200
