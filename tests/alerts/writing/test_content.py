"""Values of messages are checked when they are made."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from alerts.writing.content import NoticeKind
from alerts.writing.texts import cut_snippet, one_line, plain_text, shortened
from tests.alerts.writing.samples import ADDRESSES, SPANISH, make_confirm, make_digest, make_notice, make_search, reader


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "/documents/d1",
        "",
        "https://",
        'https://x/"><b>',
        "https://x/\r\nBcc: y",
        f"https://x/{'a' * 2_000}",
    ],
)
def test_only_whole_web_addresses_become_links(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        replace(SPANISH, address=address)
    with pytest.raises(ValueError, match="one_click"):
        replace(ADDRESSES, one_click=address)


@pytest.mark.parametrize(
    "mail", ["unsubscribe@example.org", "mailto:a@example.org>\r\nBcc: x", "mailto:a b@example.org"]
)
def test_a_mailbox_to_unsubscribe_is_a_mailto_address(mail: str) -> None:
    with pytest.raises(ValueError, match="mailto"):
        replace(ADDRESSES, unsubscribe_mail=mail)


def test_a_reader_has_a_language_of_ours_a_time_zone_that_is_one_and_a_moment_with_one() -> None:
    for wrong in ({"lang": "de"}, {"time_zone": "Lima"}, {"made": datetime(2026, 11, 30)}):
        with pytest.raises(ValueError):
            replace(reader(), **wrong)


def test_frequencies_pages_counts_and_names_are_checked() -> None:
    for make in (
        lambda: replace(make_digest(), frequency="hourly"),
        lambda: replace(make_confirm(), frequency=""),
        lambda: replace(make_confirm(), expires=datetime(2026, 12, 1)),
        lambda: replace(SPANISH, page=0),
        lambda: replace(SPANISH, copies=-1),
        lambda: make_search(name="\u202e \n"),
        lambda: replace(make_search(), total=1),
        lambda: make_notice(NoticeKind.SEARCH_UNREADABLE, search=" "),
    ):
        with pytest.raises(ValueError):
            make()


def test_a_text_is_one_line_without_signs_and_cut_after_a_word() -> None:
    assert one_line(" a\r\n b\u2028c\u202ed\t") == "a b cd"
    assert shortened("street vendors in Lima", 16) == "street vendors…"
    assert shortened("x" * 50, 10) == "x" * 9 + "…"
    assert shortened("short", 10) == "short"


def test_a_snippet_is_cut_with_its_marks() -> None:
    snippet = (("one ", False), ("two", True), (" three\nfour five six seven", False))
    assert cut_snippet(snippet, 18) == (("one ", False), ("two", True), (" three…", False))
    assert plain_text(cut_snippet(snippet, 100)) == "one two three four five six seven"
    assert plain_text(cut_snippet(((("x" * 10), True), ("y" * 10, False)), 10)) == "x" * 10 + "…"
