"""Source files: what a librarian may write, and what is said of a mistake."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from corpus.errors import BadSource
from corpus.settings import Settings
from crawler.run import choose_sources
from crawler.sources.load import load_sources, parse_source, read_source
from crawler.sources.rules import FeedRules, ListingRules

PLAIN = """slug = "an-office"
name = "A Statistics Office"
protocol = "listing"
start = ["https://office.example/reports"]
"""


def parsed(text: str):
    return parse_source(text, path=Path("office.toml"))


def test_four_lines_are_enough():
    source = parsed(PLAIN)
    assert (source.slug, source.start) == ("an-office", ("https://office.example/reports",))
    assert source.rules == ListingRules()
    assert source.polite.delay_seconds >= 1
    assert not source.polite.allow_private


def test_every_key_of_a_full_file_arrives():
    more = """
country = "ZAF"
languages = ["en", "fr"]
ignored_kinds = ["Video", "Event"]
verified = false
[listing]
links = "css:h2.title"
next = "xpath://a[@id='more']"
allow = ['/reports/\\d+']
pages_max = 7
[files]
html_text = "never"
hosts = ["files.office.example"]
[polite]
delay_seconds = 5
[expect]
documents_per_run = { at_least = 20, at_most = 400 }
"""
    source = parsed(PLAIN + more)
    assert source.country == "ZAF"
    assert set(source.ignored_kinds) == {"video", "event"}
    assert not source.verified
    assert isinstance(source.rules, ListingRules)
    assert source.rules.pages_max == 7
    assert source.rules.admit("https://office.example/reports/12")
    assert not source.rules.admit("https://office.example/news/12")
    assert source.files.hosts == ("files.office.example",)
    assert source.polite.delay_seconds == 5.0
    assert (source.expect.at_least, source.expect.at_most) == (20, 400)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (PLAIN.replace('protocol = "listing"', 'protocol = "gopher"'), 3, "it can be listing, feed"),
        (PLAIN.replace('name = "A Statistics Office"\n', ""), 1, "`name` is missing"),
        (PLAIN + 'licens = "CC BY"\n', 5, "Did you mean `licence`?"),
        (PLAIN + 'show = "everything"\n', 5, "it can be full, text, snippet"),
        (PLAIN + "show = true\n", 5, "must be a text"),
        (PLAIN + "\n[listing]\nlinks = 'css:a['\n", 7, "is not a selector"),
        (PLAIN + "\n[listing]\nnext = 'xpath://a[['\n", 7, "is not a selector"),
        (PLAIN + "\n[listing]\nallow = ['(']\n", 7, "is not a regular expression"),
        (PLAIN + "\n[listing]\n\ndeny = ['^(?!.*report)']\n", 8, "look-ahead and look-behind can take for ever"),
        (PLAIN + "\n[listing]\nallow = ['(?<=a)b']\n", 7, "look-ahead and look-behind can take for ever"),
        (PLAIN + "\n[files]\nallow = ['(a)\\1']\n", 7, "references back to a group"),
        (PLAIN + "\n[files]\nallow = ['((a{100}){100}){100}']\n", 7, "it is too large"),
        (PLAIN + "\n[files]\nmain = 'xpath://*[re:test(@id, \"(a+)+$\")]'\n", 7, "regular expressions in selectors"),
        (PLAIN + "\n[polite]\nminutes_max = 0\n", 7, "it must be 1 or more"),
        (PLAIN + "\n[listing]\npages_max = 'many'\n", 7, "must be a whole number"),
        (PLAIN + "\n[listing]\npages_max = true\n", 7, "must be a whole number"),
        (PLAIN + "\n[listing]\npages_max = 0\n", 7, "must be 1 or more"),
        (PLAIN + "\n[listing]\npage_address = 'https://office.example/?p=1'\n", 7, "with {page} in it"),
        (PLAIN + "\n[polite]\n\n\ndelay = 2\n", 9, "Did you mean `delay_seconds`?"),
        (PLAIN + "\n[feed]\nlanding = true\n", 6, "[feed] does not belong to the protocol listing"),
        (PLAIN + "\n[expect]\ndocuments_per_run = { at_leest = 2 }\n", 7, "Did you mean `at_least`?"),
        (PLAIN + "\n[expect]\ndocuments_per_run = { at_least = 9, at_most = 2 }\n", 7, "is less than"),
        (PLAIN.replace('"an-office"', '"An Office"'), 1, "small letters, digits and hyphens"),
        (PLAIN.replace('"an-office"', '"own"'), 1, "belongs to a person's own documents"),
        (PLAIN.replace("https://office.example/reports", "ftp://office.example"), 4, "is not a web address"),
        (PLAIN + 'country = "za"\n', 5, "three capitals"),
        (PLAIN + 'name = "Twice"\n', 5, "This is not TOML"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(text, line, words):
    with pytest.raises(BadSource) as refused:
        parsed(text)
    assert str(refused.value).startswith(f"office.toml, line {line}:")
    assert words in str(refused.value)


def test_text_in_a_selector_may_say_what_a_refused_function_is_called():
    assert parsed(PLAIN + "\n[files]\nmain = 'xpath://*[contains(., \"re:test(\")]'\n").files.main


@pytest.mark.parametrize("text", ["(a+)+$", "(a|aa)+$", "(.*)*x$", "([a-z]+)*\\d$", "(a?){25}a{25}$"])
def test_no_pattern_loops_on_a_long_address(text):
    source = parsed(PLAIN + f"\n[listing]\nallow = ['{text}']\n")
    address = f"https://office.example/{'a' * 100_000}!"
    before = time.perf_counter()
    assert not source.rules.admit(address)
    assert time.perf_counter() - before < 1


def test_a_half_character_in_an_address_matches_nothing_and_breaks_nothing():
    source = parsed(PLAIN + "\n[listing]\nallow = ['/reports/']\n")
    assert source.rules.admit("https://office.example/reports/\ud800")


def test_a_file_that_is_not_text_is_refused_by_name(tmp_path):
    path = tmp_path / "odd.toml"
    path.write_bytes(b"slug = '\xff'")
    with pytest.raises(BadSource, match=r"odd\.toml cannot be read"):
        read_source(path)


def test_built_in_sources_can_all_be_read_and_the_sample_is_among_them(settings):
    sources = load_sources(settings)
    assert [source.slug for source in sources if source.is_sample] == ["sample"]
    # Nobody has run the real ones from here: they say so until somebody has.
    assert [source.slug for source in sources if source.verified and not source.is_sample] == []


def test_a_persons_own_file_stands_beside_the_built_in_ones_and_replaces_its_namesake(settings):
    folder = settings.data_dir / "sources"
    folder.mkdir(parents=True)
    (folder / "office.toml").write_text(PLAIN)
    (folder / "mine.toml").write_text(PLAIN.replace("an-office", "sample"))
    sources = {source.slug: source for source in load_sources(settings)}
    assert sources["an-office"].path == folder / "office.toml"
    assert sources["sample"].name == "A Statistics Office"


def test_two_own_files_of_one_slug_are_refused(settings):
    folder = settings.data_dir / "sources"
    folder.mkdir(parents=True)
    for name in ("a.toml", "b.toml"):
        (folder / name).write_text(PLAIN)
    with pytest.raises(BadSource, match=r"b\.toml declares the source 'an-office', and so does"):
        load_sources(settings)


def test_a_folder_of_sources_that_is_set_and_not_there_is_refused(tmp_path):
    with pytest.raises(BadSource, match="There is no folder"):
        load_sources(Settings(data_dir=tmp_path, sources_dir=tmp_path / "nowhere"))


def test_a_feed_has_rules_of_its_own():
    assert parsed(PLAIN.replace("listing", "feed")).rules == FeedRules()


def test_choosing_a_source_that_is_not_declared_is_refused():
    with pytest.raises(BadSource, match="No source is called 'ilo'"):
        choose_sources([parsed(PLAIN)], ["ilo"])
