"""What `pushcart serve` decides before it answers."""

from __future__ import annotations

import pytest

from corpus.settings import Settings
from pushcart.commands.serving import makes_licences_count


@pytest.mark.parametrize(
    ("host", "setting", "counts"),
    [
        ("127.0.0.1", "auto", False),
        ("localhost", "auto", False),
        ("::1", "auto", False),
        ("0.0.0.0", "auto", True),
        ("::", "auto", True),
        ("192.168.1.5", "auto", True),
        ("0.0.0.0", "never", False),
        ("127.0.0.1", "always", False),  # the setting says so already
    ],
)
def test_licences_count_where_others_reach_the_address(host: str, setting: str, counts: bool) -> None:
    assert makes_licences_count(Settings(follow_licences=setting), host=host) is counts
