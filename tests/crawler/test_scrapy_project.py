"""The crawler is a Scrapy project: its settings, its spiders, its command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.utils.misc import load_object

from crawler import settings
from crawler.sources.load import load_sources
from crawler.spiders.loader import SourceLoader
from tests.crawler.harvesting import sample_source

ROOT = Path(__file__).parents[2]


def test_everything_that_the_settings_name_is_there():
    tables = (settings.ITEM_PIPELINES, settings.DOWNLOADER_MIDDLEWARES, settings.EXTENSIONS)
    named = [name for table in tables for name in table]
    named += [settings.SPIDER_LOADER_CLASS, settings.STATS_CLASS, settings.HTTPCACHE_STORAGE, settings.HTTPCACHE_POLICY]
    assert all(load_object(name) for name in named)


def test_the_spiders_are_the_declared_sources(settings):
    loader = SourceLoader(load_sources(settings))
    assert {"wiego", "sample", "cepal"} <= set(loader.list())
    spider = loader.load("cepal")
    assert (spider.name, spider.source.protocol) == ("cepal", "api")


def test_a_spider_that_nobody_declared_is_a_key_error():
    with pytest.raises(KeyError):
        SourceLoader([]).load("nobody")


def test_a_request_finds_the_sources_of_its_site():
    loader = SourceLoader([sample_source("https://office.org/list", slug="office")])
    assert loader.find_by_request(Request("https://files.office.org/a.pdf")) == ["office"]


def test_scrapy_lists_the_sources_in_a_checkout():
    scrapy = Path(sys.executable).with_name("scrapy")
    listed = subprocess.run([scrapy, "list"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert {"wiego", "sample"} <= set(listed)
