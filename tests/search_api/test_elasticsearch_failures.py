"""What the engine on a cluster says when the cluster is away, hangs, is full or damaged, and that nothing is lost by it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from corpus.errors import BadQuery, EngineUnavailable
from corpus.settings import Settings
from corpus.vocabulary import load_vocabulary
from search_api.engines.elasticsearch import ElasticsearchEngine, open_elasticsearch
from search_api.engines.elasticsearch.mapping import settings_body
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse
from search_api.query.plan import Field
from tests.builders import make_document
from tests.search_api.change_log import ChangeLog
from tests.search_api.engine_contract import EVERYONE, changed
from tests.search_api.engine_contract import ask as asked_of
from tests.search_server.faulty import bad_day, refuse
from tests.search_server.stand_ins import Answer, answering, between, nobody, of_version, silent_server

VOCABULARY = load_vocabulary()
VENDORS = SearchQuery(text="vendors")
CLIENT_TRIES = 3
"""The client itself asks so often when it is told 503."""
HTML = {"Content-Type": "text/html"}
JSON = {"Content-Type": "application/json"}
NO_INDEX = Answer.of_elasticsearch(
    {"error": {"type": "index_not_found_exception", "reason": "no such index [x]"}, "status": 404}, status=404
)


def opened(url: str, *, prefix: str = "test-nothing", seconds_max: float = 5.0) -> ElasticsearchEngine:
    settings = Settings(
        data_dir=Path("never-made"),
        elasticsearch_url=url,
        elasticsearch_prefix=prefix,
        elasticsearch_seconds_max=seconds_max,
    )
    return open_elasticsearch(settings, vocabulary=VOCABULARY)


def found(engine: ElasticsearchEngine) -> list[str]:
    """Return the ids of the documents about vendors."""
    results = engine.search(VENDORS, tree=parse(VENDORS.text, vocabulary=VOCABULARY).tree)
    return [hit.id for hit in results.hits]


def refusal_of(engine: ElasticsearchEngine) -> EngineUnavailable:
    """Search, and return what is said instead of hits."""
    with pytest.raises(EngineUnavailable) as caught:
        found(engine)
    return caught.value


class TestAway:
    def test_a_server_that_is_down_is_said_with_the_setting_and_the_address(self) -> None:
        with nobody() as url:
            refusal = refusal_of(opened(url))
        assert refusal.message == f"Elasticsearch at {url} does not answer."
        assert "PUSHCART_ELASTICSEARCH_URL" in refusal.try_next

    def test_strangers_are_told_neither_address_nor_setting(self) -> None:
        with nobody() as url:
            told = refusal_of(opened(url)).for_readers
        assert "index does not answer" in told
        assert "127.0.0.1" not in told
        assert "PUSHCART" not in told

    def test_a_server_that_hangs_is_waited_for_as_long_as_the_setting_says(self) -> None:
        with silent_server() as url:
            began = time.monotonic()
            refusal = refusal_of(opened(url, seconds_max=0.4))
            seconds = time.monotonic() - began
        assert "did not answer in time" in refusal.message
        assert 0.4 <= seconds < 1.5

    def test_while_one_request_waits_for_a_server_that_hangs_the_others_are_told_at_once(self) -> None:
        with silent_server() as url:
            engine = opened(url, seconds_max=1.2)
            refusal_of(engine)
            began = time.monotonic()
            with ThreadPoolExecutor(20) as readers:
                refusals = [each.result() for each in [readers.submit(refusal_of, engine) for _ in range(60)]]
            seconds = time.monotonic() - began
        assert all("did not answer in time" in each.message for each in refusals)
        assert seconds < 1.0


class TestSomethingElse:
    @pytest.mark.parametrize(
        "answer",
        [
            Answer(200, "<html>Welcome to nginx</html>", HTML),
            Answer(404, "<html>Not found</html>", HTML),
            Answer(404, {"error": "no such path"}, JSON),
            Answer(200, {"version": {"number": "8.19.8"}}, JSON),
            Answer(200, "{broken", JSON),
            Answer.of_elasticsearch({"tagline": "no version"}),
            Answer.of_elasticsearch({"version": {"number": "newest"}}),
        ],
        ids=["html", "html-404", "json-404", "no-product-header", "broken-json", "no-version", "odd-version"],
    )
    def test_what_is_no_elasticsearch_is_called_so_and_not_an_empty_index(self, answer: Answer) -> None:
        with answering({"*": answer}) as server:
            refusal = refusal_of(opened(server.url))
        assert refusal.message == f"The server at {server.url} is not Elasticsearch."
        assert "PUSHCART_ELASTICSEARCH_URL" in refusal.try_next

    def test_a_proxy_whose_elasticsearch_is_away_is_told_from_elasticsearch(self) -> None:
        with answering({"*": Answer(502, "<html>Bad gateway</html>", HTML)}) as server:
            assert "cannot reach Elasticsearch (status 502)" in refusal_of(opened(server.url)).message

    def test_a_proxy_that_begins_to_know_no_address_is_not_taken_for_an_empty_index(self) -> None:
        with answering({"/": of_version("8.19.8"), "*": Answer(404, "<html>Not found</html>", HTML)}) as server:
            assert "is not Elasticsearch" in refusal_of(opened(server.url)).message

    @pytest.mark.parametrize("number", ["7.17.9", "8.4.3", "8.18.8-SNAPSHOT"])
    def test_an_older_version_is_named_before_anything_is_asked_of_it(self, number: str) -> None:
        with answering({"/": of_version(number), "*": NO_INDEX}) as server:
            engine = opened(server.url)
            assert refusal_of(engine).message == f"Elasticsearch at {server.url} is version {number}."
            with pytest.raises(EngineUnavailable, match="is version"):
                engine.apply(changed(EVERYONE))
        assert set(server.asked) == {"/"}

    def test_a_server_of_7_that_does_not_understand_the_client_is_called_too_old(self) -> None:
        said = {"error": {"type": "media_type_header_exception", "reason": "Invalid media-type value"}, "status": 400}
        with answering({"*": Answer.of_elasticsearch(said, status=400)}) as server:
            assert "too old" in refusal_of(opened(server.url)).message

    def test_the_version_is_asked_for_once(self) -> None:
        with answering({"/": of_version("9.0.1"), "*": NO_INDEX}) as server:
            engine = opened(server.url)
            assert [found(engine) for _ in range(5)] == [[]] * 5
            engine.applied_sequence()
        assert server.asked.count("/") == 1

    def test_a_server_that_was_down_at_first_is_asked_for_its_version_when_it_is_there(self) -> None:
        with answering({"/": of_version("8.4.3"), "*": NO_INDEX}) as server, between(server.url) as way:
            way.cut()
            engine = opened(way.url)
            assert "does not answer" in refusal_of(engine).message
            way.open()
            assert "is version 8.4.3" in refusal_of(engine).message

    def test_a_phrase_that_may_go_on_in_too_many_ways_is_a_fault_of_the_search(self) -> None:
        refused = {"error": {"type": "too_many_clauses", "reason": "maxClauseCount is set to 1024"}, "status": 400}
        answers = {"/": of_version("8.19.8"), "*": Answer.of_elasticsearch(refused, status=400)}
        with answering(answers) as server, pytest.raises(BadQuery, match="Too many words begin with the last word"):
            asked_of(opened(server.url), '"street ven"*')

    def test_a_server_that_is_too_busy_to_search_is_called_so(self) -> None:
        busy = {"error": {"type": "es_rejected_execution_exception", "reason": "queue capacity 1000"}, "status": 429}
        answers = {"/": of_version("8.19.8"), "*": Answer.of_elasticsearch(busy, status=429)}
        with answering(answers) as server:
            refusal = refusal_of(opened(server.url))
        assert "too busy: queue capacity 1000" in refusal.message
        assert "minute" in refusal.try_next


@pytest.fixture
def engine(server: str, prefix: str) -> ElasticsearchEngine:
    """Return an engine with five documents, of which one is about vendors."""
    filled = opened(server, prefix=prefix, seconds_max=30)
    filled.apply(changed(EVERYONE))
    return filled


SIXTH = make_document("d6", title="Vendors of Nairobi", pages=("Vendors of Nairobi sell fruit.",))


class TestFull:
    def test_while_the_disk_is_full_searching_goes_on_and_writing_says_why(
        self, engine: ElasticsearchEngine, client: Elasticsearch, prefix: str
    ) -> None:
        _block(client, prefix, on=True)
        began = time.monotonic()
        with pytest.raises(EngineUnavailable, match="accepts no changes at the moment") as caught:
            engine.apply(changed([SIXTH], first=6))
        assert time.monotonic() - began < 10
        assert "disk is full" in caught.value.try_next
        assert found(engine) == ["d1"]
        assert engine.applied_sequence() == 5
        _block(client, prefix, on=False)
        assert engine.apply(changed([SIXTH], first=6)) == 6
        assert set(found(engine)) == {"d1", "d6"}


def _block(client: Elasticsearch, prefix: str, *, on: bool) -> None:
    """Do to the indexes what the server does when the disk passes the flood-stage watermark."""
    blocks = {"index.blocks.read_only_allow_delete": True if on else None}
    client.indices.put_settings(index=[f"{prefix}-documents", f"{prefix}-pages"], settings=blocks)


class TestDamaged:
    def test_an_index_that_was_deleted_is_missed_by_name_and_a_rebuild_brings_it_back(
        self, engine: ElasticsearchEngine, client: Elasticsearch, prefix: str
    ) -> None:
        client.indices.delete(index=[f"{prefix}-documents-000001", f"{prefix}-pages-000001"])
        refusal = refusal_of(engine)
        assert f"index {prefix}-documents no longer exists in Elasticsearch" in refusal.message
        assert "pushcart index --rebuild" in refusal.try_next
        with pytest.raises(EngineUnavailable, match="no longer exists in Elasticsearch"):
            engine.statistics()
        with pytest.raises(EngineUnavailable, match="no longer exists in Elasticsearch"):
            engine.apply(changed([SIXTH], first=6))
        assert engine.rebuild(ChangeLog(changed([*EVERYONE, SIXTH]))) == 6
        assert set(found(engine)) == {"d1", "d6"}
        assert engine.statistics().documents == 6

    def test_what_is_written_while_somebody_deletes_the_index_does_not_count_as_indexed(
        self, engine: ElasticsearchEngine, client: Elasticsearch, prefix: str
    ) -> None:
        def drawn() -> Iterator[object]:
            client.indices.delete(index=[f"{prefix}-documents-000001", f"{prefix}-pages-000001"])
            yield from changed([SIXTH], first=6)

        with pytest.raises(EngineUnavailable, match="no longer exists in Elasticsearch"):
            engine.apply(drawn())
        assert engine.applied_sequence() == 5

    def test_an_alias_that_was_deleted_is_put_back_by_the_next_indexing(
        self, engine: ElasticsearchEngine, client: Elasticsearch, prefix: str
    ) -> None:
        client.indices.delete_alias(index=f"{prefix}-documents-000001", name=f"{prefix}-documents")
        assert "no longer exists in Elasticsearch" in refusal_of(engine).message
        engine.apply([])
        assert found(engine) == ["d1"]

    @pytest.mark.parametrize("taken", ["documents-000001", "pages-000001", "documents"])
    def test_an_index_of_our_name_that_somebody_else_made_is_refused_and_left_alone(
        self, server: str, client: Elasticsearch, prefix: str, taken: str
    ) -> None:
        client.index(index=f"{prefix}-{taken}", id="theirs", document={"title": 5, "id": {"a": "b"}}, refresh=True)
        engine = opened(server, prefix=prefix, seconds_max=30)
        for _ in range(2):
            with pytest.raises(EngineUnavailable, match=f"{prefix}-{taken} that Pushcart did not make") as caught:
                engine.apply(changed(EVERYONE))
        assert "PUSHCART_ELASTICSEARCH_PREFIX" in caught.value.try_next
        assert client.exists(index=f"{prefix}-{taken}", id="theirs")
        client.indices.delete(index=f"{prefix}-{taken}")
        assert engine.apply(changed(EVERYONE)) == 5
        assert found(engine) == ["d1"]

    def test_an_index_that_was_put_in_the_place_of_ours_is_named_when_searching_and_when_writing(
        self, engine: ElasticsearchEngine, client: Elasticsearch, prefix: str
    ) -> None:
        client.indices.delete(index=f"{prefix}-documents-000001")
        client.indices.create(index=f"{prefix}-documents-000001", aliases={f"{prefix}-documents": {}})
        refusal = refusal_of(engine)
        assert "fields that Pushcart did not create" in refusal.message
        assert "pushcart index --rebuild" in refusal.try_next
        with pytest.raises(EngineUnavailable, match="documents-000001 that Pushcart did not make"):
            engine.apply(changed([SIXTH], first=6))
        assert engine.rebuild(ChangeLog(changed(EVERYONE))) == 5
        assert found(engine) == ["d1"]


class TestInPart:
    def test_an_answer_without_one_of_the_shards_is_refused_and_not_given_as_the_whole(
        self, engine: ElasticsearchEngine, client: Elasticsearch, prefix: str
    ) -> None:
        for kind in ("documents", "pages"):
            _add_a_shard_that_is_away(client, f"{prefix}-{kind}")
        tree = parse("vendors", vocabulary=VOCABULARY).tree
        asked = (
            lambda: engine.search(VENDORS, tree=tree),
            lambda: engine.search(SearchQuery(), tree=parse("", vocabulary=VOCABULARY).tree),
            lambda: engine.frequencies([(Field.WORD, "vendor")]),
            lambda: engine.pages(tree, documents=["d1"], limit=3),
            lambda: engine.indexed_pages(["d1"]),
            lambda: list(engine.walk(VENDORS, tree=tree)),
        )
        for ask in asked:
            with pytest.raises(EngineUnavailable, match=r"A part of .* does not answer"):
                ask()
        client.indices.delete(index=[f"{prefix}-documents-away", f"{prefix}-pages-away"])
        assert found(engine) == ["d1"]

    def test_a_part_that_is_away_for_a_moment_is_asked_again(
        self, server: str, engine: ElasticsearchEngine, prefix: str
    ) -> None:
        with bad_day(server, on="/_msearch") as day:
            through = opened(day.url, prefix=prefix)
            day.faults.extend([refuse(503)] * CLIENT_TRIES)
            assert found(through) == ["d1"]
            day.faults.extend([refuse(503)] * CLIENT_TRIES * 2)
            assert "A part of Elasticsearch" in refusal_of(through).message
            assert not day.faults


def _add_a_shard_that_is_away(client: Elasticsearch, alias: str) -> None:
    """Let an alias point to one more shard, which lies on a node that is not there."""
    (made,) = client.indices.get_mapping(index=alias).values()
    client.indices.create(
        index=f"{alias}-away",
        aliases={alias: {}},
        mappings=made["mappings"],
        settings={
            "number_of_replicas": 0,
            "index.routing.allocation.require._name": "nobody",
            "analysis": settings_body(shards=1)["analysis"],
        },
        wait_for_active_shards=0,
    )


def test_a_way_that_is_cut_and_opened_again_is_used_again_without_a_restart(
    server: str, engine: ElasticsearchEngine, prefix: str
) -> None:
    with between(server) as way:
        through = opened(way.url, prefix=prefix)
        assert found(through) == ["d1"]
        way.cut()
        time.sleep(1.1)  # what the last search read of the state counts for a second
        assert "does not answer" in refusal_of(through).message
        with pytest.raises(EngineUnavailable, match="does not answer"):
            through.apply(changed([SIXTH], first=6))
        way.open()
        assert through.apply(changed([SIXTH], first=6)) == 6
        assert set(found(through)) == {"d1", "d6"}
