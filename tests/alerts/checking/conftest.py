"""One small site for each test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from corpus.store import open_store
from corpus.vocabulary import load_vocabulary
from search_api.engines.opening import open_engine
from tests.alerts.checking.site import AlertSite
from tests.builders import make_source
from tests.web.library import settings_in


@pytest.fixture
def site(tmp_path: Path) -> Iterator[AlertSite]:
    settings = settings_in(tmp_path)
    vocabulary = load_vocabulary()
    with open_store(settings) as store, closing(open_engine(settings, vocabulary=vocabulary)) as engine:
        store.sources.save(make_source("sample"))
        yield AlertSite(settings, store, engine, vocabulary)
