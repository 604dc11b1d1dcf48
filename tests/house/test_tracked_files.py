"""What is committed can be published and works on another machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.house.house import ROOT, product_files, tracked_files, tree_of

_MACHINE_PATH = re.compile(r"(?<![\w.:/])/(?:work|root|home|Users)/\w")
# Written so that this file does not name them itself.
_INDEX_HOST = re.compile(
    r"\b(?:py[p]i\.\w+|python[h]osted\.|npm[j]s\.|crates\.[i]o|deb\.[d]ebian|maven\.[o]rg|proxy\.[g]olang)"
)
_INDEX_OPTION = re.compile(r"^\s*--?(?:index-url|extra-index-url|find-links|trusted-host|i |f )", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
_VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "data", "info", "base"}
_PROTOCOLS = {"search_api/engines/base.py"}
"""What several implementations fulfil stands in a folder of theirs under the name that this has everywhere."""
LARGEST_FILE_BYTES = 1_500_000
LONGEST_MODULE_LINES = 450


def texts() -> list[tuple[Path, str]]:
    """Return every tracked text file with its text."""
    found = []
    for path in tracked_files():
        try:
            found.append((path, (ROOT / path).read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue  # a picture, a font, a PDF
    return found


def places(pattern: re.Pattern[str], *, but: tuple[str, ...] = ()) -> list[str]:
    """Return `file:line: words` wherever a pattern is found in a tracked text file."""
    return [
        f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for path, text in texts()
        if path.as_posix() not in but
        for match in pattern.finditer(text)
    ]


def test_no_file_names_a_folder_of_one_machine() -> None:
    assert places(_MACHINE_PATH) == []


def test_no_file_names_the_host_of_a_package_index() -> None:
    assert places(_INDEX_HOST) == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-server.lock", "requirements-dev.lock"])
def test_a_lock_file_pins_by_hash_and_leaves_the_index_to_the_machine(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not _INDEX_OPTION.search(text)
    pins = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(pins) > 50
    assert [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin] == []


@pytest.mark.parametrize(
    ("less", "more"), [("requirements", "requirements-server"), ("requirements-server", "requirements-dev")]
)
def test_the_lock_files_pin_the_same_versions(less: str, more: str) -> None:
    def pins(lock: str) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))

    small, large = pins(f"{less}.lock"), pins(f"{more}.lock")
    assert {name: version for name, version in small.items() if large.get(name) != version} == {}


def test_nothing_of_the_shared_data_is_committed() -> None:
    names = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout.splitlines()
    assert [name for name in names if name.endswith((".pdf", ".jsonl.gz", ".csv.gz", ".warc.gz"))] == []


def test_no_file_is_too_large_for_a_source_repository() -> None:
    assert [str(path) for path in tracked_files() if (ROOT / path).stat().st_size > LARGEST_FILE_BYTES] == []


def test_nothing_is_left_for_later_in_the_code() -> None:
    assert places(_PLACEHOLDER) == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [str(path) for path in product_files() if path.stem in _VAGUE_NAMES and str(path) not in _PROTOCOLS] == []


def test_a_module_is_short_enough_to_be_read_at_a_sitting() -> None:
    lengths = {str(path): (ROOT / path).read_text(encoding="utf-8").count("\n") for path in product_files()}
    assert {path: length for path, length in lengths.items() if length > LONGEST_MODULE_LINES} == {}


def test_every_module_says_in_its_first_line_what_it_is() -> None:
    silent = []
    for path in product_files():
        tree = tree_of(path)
        if tree.body and not isinstance(getattr(getattr(tree.body[0], "value", None), "value", None), str):
            silent.append(str(path))
    assert silent == []
