"""A library with alerts for the tests of following; each test finds nobody who follows anything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from alerts.subscribing.state import AlertsState
from corpus.settings import Settings
from tests.web.library import fill, settings_in
from web.app import open_site


@pytest.fixture(scope="session")
def alerts_library(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_in(tmp_path_factory.mktemp("alerts-library"))
    fill(settings)
    return settings


@pytest.fixture(scope="session")
def alerts_site(alerts_library: Settings) -> Iterator[AlertsState]:
    site = open_site(alerts_library)
    yield site.alerts
    site.app.engine.close()
    site.app.store.close()


@pytest.fixture
def state(alerts_site: AlertsState) -> Iterator[AlertsState]:
    yield alerts_site
    forget_everybody(alerts_site)


def forget_everybody(state: AlertsState) -> None:
    """Delete every subscriber, and let every address be written to again."""
    for each in state.app.store.subscriptions.subscribers():
        state.app.store.subscriptions.allow(each.channel, each.address)
        state.app.store.subscriptions.remove_subscriber(each.id)
