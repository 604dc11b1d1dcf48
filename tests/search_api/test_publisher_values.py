"""Publishers as values of a filter, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.vocabulary import load_vocabulary
from search_api.engines.base import SearchEngine
from search_api.engines.elasticsearch import ElasticsearchEngine
from search_api.engines.tantivy import TantivyEngine
from search_api.query.parameters import SearchQuery
from search_api.query.tree import Everything
from tests.builders import make_document
from tests.search_api.engine_contract import changed

DOCUMENTS = (
    make_document("d1", publisher="World Bank"),
    make_document("d2", publisher="World  Bank "),
    make_document("d3", publisher="WIEGO"),
    make_document("d4", publisher=""),
)


@pytest.fixture(params=["tantivy", "elasticsearch"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> SearchEngine:
    vocabulary = load_vocabulary()
    if request.param == "tantivy":
        made: SearchEngine = TantivyEngine(tmp_path, vocabulary=vocabulary)
    else:
        client, prefix = request.getfixturevalue("client"), request.getfixturevalue("prefix")
        made = ElasticsearchEngine(client, vocabulary=vocabulary, where="the test server", prefix=prefix)
    made.apply(changed(DOCUMENTS))
    return made


def test_each_publisher_is_counted_and_a_chosen_one_leaves_the_counts_of_the_others(engine: SearchEngine) -> None:
    found = engine.search(SearchQuery(publishers=("World Bank",)), tree=Everything())
    assert {hit.id for hit in found.hits} == {"d1", "d2"}
    assert found.counts["publisher"] == {"World Bank": 2, "WIEGO": 1}
