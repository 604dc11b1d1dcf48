"""`pushcart sources check`: every problem of every file with its line, and what is odd without being wrong."""

from __future__ import annotations

from pathlib import Path

from crawler.sources.check import check_files, check_text
from crawler.sources.load import Weight

SOUND = """slug = "an-office"
name = "An Office"
protocol = "listing"
start = ["https://office.example/publications"]
"""


def found(text: str) -> list[tuple[int, str, str]]:
    """Return line, weight and message of each finding."""
    checked = check_text(text, path=Path("an-office.toml"))
    return [(finding.line, finding.weight.value, finding.message) for finding in checked.findings]


def test_a_sound_file_has_no_findings_and_is_a_source():
    checked = check_text(SOUND, path=Path("an-office.toml"))
    assert checked.findings == ()
    assert checked.source is not None
    assert checked.source.slug == "an-office"


def test_every_problem_is_told_not_only_the_first():
    text = """slug = "An Office"
protocol = "listing"
start = ["ftp://office.example/"]
country = "peru"
colour = "red"

[listing]
links = "h3 >> a"
pages_max = 0
alow = ["x"]

[polite]
time_zone = "Mars/Olympus"
delay_seconds = "two"
"""
    assert sorted(line for line, _, _ in found(text)) == [1, 1, 3, 4, 5, 8, 9, 10, 13, 14]
    assert any("`name` is missing" in message for _, _, message in found(text))
    assert check_text(text, path=Path("an-office.toml")).source is None


def test_a_key_with_a_problem_is_told_once():
    assert len(found(SOUND.replace('"An Office"', "[]"))) == 1


def test_a_wrong_protocol_does_not_make_the_table_of_the_right_one_unknown():
    text = SOUND.replace('"listing"', '"listings"') + '[listing]\nlinks = "h3"\n'
    assert [line for line, _, _ in found(text)] == [3]


def test_what_is_not_toml_is_told_with_its_line():
    ((line, weight, message),) = found(SOUND + "name = oops\n")
    assert (line, weight) == (5, "error")
    assert "This is not TOML" in message


def test_a_pattern_on_another_host_can_never_match_a_listing():
    text = SOUND + "[listing]\nallow = ['^https://files\\.other\\.example/']\n"
    ((line, weight, message),) = found(text)
    assert (line, weight) == (6, "error")
    assert "never matches" in message
    assert found(SOUND + "[listing]\nallow = ['^https://office\\.example/']\n") == []


def test_what_is_allowed_and_denied_leaves_nothing():
    text = SOUND + "[listing]\nallow = ['/publications/']\ndeny = ['/publications/']\n"
    assert [(line, weight) for line, weight, _ in found(text)] == [(7, "error")]


def test_an_expectation_that_no_run_can_meet_is_wrong():
    text = SOUND.replace('"listing"', '"addresses"') + "[expect]\ndocuments_per_run = { at_least = 11 }\n"
    ((line, weight, message),) = found(text)
    assert (line, weight, message) == (6, "error", "1 addresses can bring 10 files at most, and not 11.")


def test_a_private_address_needs_the_permission_of_its_file():
    text = SOUND.replace("https://office.example", "http://127.0.0.1:8000")
    assert [(line, weight) for line, weight, _ in found(text)] == [(4, "error")]
    assert found(text + "[polite]\nallow_private = true\n") == []


def test_a_code_that_no_country_has_is_wrong():
    assert [line for line, _, _ in found('country = "PRU"\n' + SOUND)] == [1]


def test_an_unverified_source_is_a_warning_only():
    ((line, weight, message),) = found(SOUND + "verified = false\n")
    assert (line, weight) == (5, "warning")
    assert "not yet verified" in message


def test_showing_everything_of_a_publisher_wants_a_reason():
    ((line, weight, message),) = found(SOUND + 'show = "full"\n')
    assert (line, weight) == (5, "warning")
    assert "neither a known `licence` nor a `note` says why" in message
    assert found(SOUND + 'show = "full"\nnote = "Allowed by letter, 3 March 2026."\n') == []
    assert found(SOUND + 'show = "text"\nlicence = "CC BY 4.0"\n') == []
    assert found(SOUND + 'show = "snippet"\n') == []


def test_showing_everything_where_all_rights_are_reserved_wants_a_look():
    ((line, weight, message),) = found(SOUND + 'show = "full"\nlicence = "All rights reserved"\nnote = "Ask."\n')
    assert (line, weight) == (5, "warning")
    assert "All rights reserved" in message


def test_two_files_of_one_folder_cannot_have_one_slug(tmp_path):
    paths = [tmp_path / "a.toml", tmp_path / "b.toml"]
    for path in paths:
        path.write_text(SOUND, encoding="utf-8")
    first, second = check_files(paths)
    assert first.findings == ()
    assert [(finding.line, finding.weight) for finding in second.findings] == [(1, Weight.ERROR)]
    assert str(paths[0]) in second.findings[0].message


def test_an_own_file_in_the_place_of_a_built_in_one_is_a_warning(tmp_path):
    paths = [tmp_path / "built-in" / "a.toml", tmp_path / "own" / "a.toml"]
    for path in paths:
        path.parent.mkdir()
        path.write_text(SOUND, encoding="utf-8")
    _, second = check_files(paths)
    assert [finding.weight for finding in second.findings] == [Weight.WARNING]


def test_two_sources_that_begin_at_one_address_are_a_warning(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(SOUND.replace("an-office", name), encoding="utf-8")
    _, second = check_files(sorted(tmp_path.glob("*.toml")))
    assert [(finding.line, finding.weight) for finding in second.findings] == [(4, Weight.WARNING)]


def test_a_file_that_is_not_there_is_told(tmp_path):
    (checked,) = check_files([tmp_path / "nothing.toml"])
    assert checked.findings[0].message.startswith("The file cannot be read")
