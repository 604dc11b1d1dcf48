"""Both databases, a mail server and a webhook endpoint."""

from __future__ import annotations

import pytest

from tests.alerts.sending.receivers import mail_catcher, webhook_catcher
from tests.corpus.conftest import on_either, postgresql_url

__all__ = ["on_either", "postgresql_url"]


@pytest.fixture
def mail():
    with mail_catcher() as running:
        yield running


@pytest.fixture
def endpoint():
    with webhook_catcher() as running:
        yield running
