"""Private names of Scrapy and Twisted are used in one file, as they were seen in these versions."""

from __future__ import annotations

import re
from pathlib import Path

import scrapy
import twisted
from twisted.web._newclient import HTTP11ClientProtocol

CRAWLER = Path(__file__).parents[2] / "crawler"


def test_the_versions_are_those_in_which_the_private_names_were_seen():
    """When this fails: look whether what connection.py uses is still there, run the faults, and write the new version here."""
    assert scrapy.__version__.startswith("2.19.")
    assert twisted.version.short().startswith("26.10.")
    assert {"_state", "_parser", "_giveUp"} <= {*dir(HTTP11ClientProtocol)}


def test_no_other_file_takes_private_names_from_a_library():
    private = re.compile(
        r"^from (?:scrapy|twisted)\S* import .*\b_[a-zA-Z]|^from (?:scrapy|twisted)\S*\._", re.MULTILINE
    )
    found = [path.name for path in CRAWLER.rglob("*.py") if private.search(path.read_text(encoding="utf-8"))]
    assert found == ["connection.py"]
