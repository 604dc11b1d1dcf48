"""`pushcart sources new`, `try` and `check`, as a person types them."""

from __future__ import annotations

import json

import pytest

from pushcart.cli import run
from tests.publisher import SamplePublisher

FEED = """slug = "a-feed"
name = "A Feed"
protocol = "feed"
start = ["{url}/feed.atom"]

[polite]
delay_seconds = 0
allow_private = true
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return the folder of a person's own source files; the data folder is the test's own too."""
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(tmp_path / "data"))
    own = tmp_path / "data" / "sources"
    own.mkdir(parents=True)
    return own


@pytest.fixture
def site():
    with SamplePublisher() as publisher:
        yield publisher


def test_a_new_source_is_written_and_can_be_tried_and_is_never_replaced_unasked(site, folder, capsys):
    assert run(["sources", "new", site.url, "--slug", "new-one"]) == 0
    text = (folder / "new-one.toml").read_text(encoding="utf-8")
    assert f'start = ["{site.url}/oai"]' in text
    assert "pushcart sources try new-one" in capsys.readouterr().err

    assert run(["sources", "try", "new-one", "--records", "1", "--json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)["records"]
    assert record["fields"]["title"]["chosen"]
    assert record["fields"]["title"]["evidence"][0]["origin"] == "record:oai_dc"

    asked = len(site.requests)
    assert run(["sources", "new", site.url, "--slug", "new-one"]) == 1
    assert "already exists" in capsys.readouterr().err
    assert len(site.requests) == asked, "a name that is taken is said before the site is asked"
    assert (folder / "new-one.toml").read_text(encoding="utf-8") == text


def test_printing_a_new_source_writes_nothing(site, folder, capsys):
    assert run(["sources", "new", f"{site.url}/feed.atom", "--print"]) == 0
    printed = capsys.readouterr().out
    assert 'protocol = "feed"' in printed
    assert list(folder.iterdir()) == []


def test_a_protocol_that_does_not_exist_is_refused_before_anybody_is_asked(site, folder, capsys):
    assert run(["sources", "new", site.url, "--protocol", "gopher"]) == 1
    assert "There is no protocol 'gopher'" in capsys.readouterr().err
    assert site.requests == ()


def test_a_slug_that_is_none_is_refused_before_anybody_is_asked(site, folder, capsys):
    assert run(["sources", "new", site.url, "--slug", "../Evil"]) == 1
    assert "lower-case letters" in capsys.readouterr().err
    assert site.requests == ()


def test_a_trial_prints_fields_with_evidence_and_files_for_a_person(site, folder, capsys):
    path = folder / "a-feed.toml"
    path.write_text(FEED.format(url=site.url), encoding="utf-8")
    assert run(["sources", "try", str(path), "--records", "2"]) == 0
    printed = capsys.readouterr().out
    assert "landing:h1" in printed
    assert "would fetch" in printed
    assert "2 records" in printed
    assert not (folder.parent / "pushcart.sqlite").exists()


def test_a_trial_that_finds_nothing_says_so_with_its_exit_code(site, folder, capsys):
    path = folder / "a-feed.toml"
    path.write_text(FEED.format(url=site.url).replace("feed.atom", "nothing"), encoding="utf-8")
    assert run(["sources", "try", str(path)]) == 1
    assert "404" in capsys.readouterr().err


def test_the_check_lists_every_problem_with_its_line_and_fails(folder, capsys):
    path = folder / "bad.toml"
    path.write_text('slug = "Bad"\nname = "x"\nprotocol = "feed"\nstart = "nowhere"\n', encoding="utf-8")
    assert run(["sources", "check", str(path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(" ")[0] for line in lines[:2]] == [f"{path}:1:", f"{path}:4:"]
    assert lines[-1] == "1 source file: 2 errors, 0 warnings."


def test_all_built_in_sources_pass_the_check(folder, capsys):
    assert run(["sources", "check", "--json"]) == 0
    checked = json.loads(capsys.readouterr().out)
    assert len(checked) >= 5
    assert all(each["source"] for each in checked)


def test_without_a_word_behind_it_the_command_lists_the_sources(folder, capsys):
    assert run(["sources", "--json"]) == 0
    assert "sample" in {source["slug"] for source in json.loads(capsys.readouterr().out)}
