"""One small site for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.alerts.checking.site import AlertSite, opened_site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[AlertSite]:
    with opened_site(tmp_path) as opened:
        yield opened
