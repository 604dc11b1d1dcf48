"""`scrapy crawl SLUG`: harvest a source into the data folder of the settings, with Scrapy's own options (-s, -O, -L)."""

from __future__ import annotations

import argparse

from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.exceptions import UsageError

from corpus.errors import PushcartError
from corpus.settings import read_settings
from crawler.harvest import harvest_source
from crawler.spiders.loader import SourceLoader


class Command(CrawlCommand):
    """A run like that of `pushcart harvest SLUG`, in this process."""

    requires_crawler_process = False  # the run makes it, with the settings of its source

    def short_desc(self) -> str:
        """Return what `scrapy -h` says of it."""
        return "Harvest a source, by its slug (`scrapy list`)"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Harvest, and say what came of it."""
        if len(args) != 1:
            raise UsageError("Name one source; `scrapy list` names them all.")
        assert self.settings is not None
        try:
            spider = SourceLoader.from_settings(self.settings).load(args[0])
            run = harvest_source(spider.source, settings=read_settings(), options=self.settings)
        except KeyError:
            raise UsageError(f"No source is called {args[0]!r}; `scrapy list` names them all.") from None
        except PushcartError as error:
            raise UsageError(f"{error.message} {error.try_next}") from error
        print(f"{run.source}: {run.state.value}, {run.new} new of {run.offered} files.")  # noqa: T201
