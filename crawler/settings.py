"""Scrapy's settings: those of the project, as in any Scrapy project, and those of one source.

docs: https://docs.scrapy.org/en/latest/topics/settings.html
"""

from __future__ import annotations

import socket
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from corpus.errors import BadSettings
from corpus.messages import sentence
from crawler.net.addresses import is_loopback_host, own_places
from crawler.sources.model import SourceFile

if TYPE_CHECKING:
    from scrapy.settings import Settings as ScrapySettings

    from corpus.settings import Settings

BOT_NAME = "Pushcart"
"""The name under which robots.txt may address us."""
SPIDER_LOADER_CLASS = "crawler.spiders.loader.SourceLoader"
COMMANDS_MODULE = "crawler.commands"
STATS_CLASS = "crawler.stats.HarvestStats"

ITEM_PIPELINES = {
    "crawler.pipelines.ValidateFile": 100,
    "crawler.pipelines.StoreFile": 200,
    "crawler.pipelines.ReportFile": 300,
}
DOWNLOADER_MIDDLEWARES = {
    "crawler.net.address_guard.AddressGuard": 50,
    "crawler.net.robots.ObeyRobots": 100,
    "crawler.middlewares.BotCheckMiddleware": 440,
    "crawler.middlewares.EncodingMiddleware": 450,  # after decompression, which is at 590; redirects are at 600
    "crawler.net.cache.PageCacheMiddleware": 900,
    "crawler.net.throttle.PauseMiddleware": 920,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": None,  # the handler keeps the time
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # the rules decide, host by host
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
}
EXTENSIONS = {"crawler.net.throttle.ThrottleExtension": 0}
DOWNLOAD_HANDLERS = {
    "http": "crawler.net.handler.HarvestHandler",
    "https": "crawler.net.handler.HarvestHandler",
    **dict.fromkeys(("data", "file", "ftp", "s3")),  # not even by mistake
}
TWISTED_DNS_RESOLVER = "crawler.net.address_guard.GuardedNames"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

# One limiter keeps the time between all requests: crawler.net.throttle.
DOWNLOAD_DELAY = 0.0
AUTOTHROTTLE_ENABLED = False
CONCURRENT_REQUESTS = 8
CONCURRENT_ITEMS = 1
"""Scrapy starts so many tasks for each answer, 100 by default: a quarter of all work, for items that do not wait."""
DOWNLOAD_WARNSIZE = 0
RETRY_PRIORITY_ADJUST = 0
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # it stands in the run report
REDIRECT_MAX_TIMES = 8
METAREFRESH_ENABLED = False
COOKIES_ENABLED = False
HTTPCACHE_ENABLED = True
HTTPCACHE_STORAGE = "crawler.net.cache.no_storage"
HTTPCACHE_POLICY = "crawler.net.cache.RevalidatePolicy"
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
LOGSTATS_INTERVAL = 0
STATS_DUMP = False
LOG_ENABLED = False  # corpus.logs has set up the logs
LOG_INSTALL_ROOT_HANDLER = False
LOG_VERSIONS: list[str] = []

LOOK_UP_SETTING, OWN_PLACES_SETTING = "PUSHCART_LOOK_UP", "PUSHCART_OWN_PLACES"
"""Settings that carry how names become addresses, and an OwnPlaces: a resolver is made before there is any spider."""


def project_settings() -> ScrapySettings:
    """Return the settings of the project, from this module."""
    from scrapy.settings import Settings as ScrapySettings

    settings = ScrapySettings()
    settings.setmodule("crawler.settings", priority="project")
    return settings


def source_settings(source: SourceFile, settings: Settings, *, look_up: Any = socket.getaddrinfo) -> dict[str, Any]:
    """Return the settings of a crawl of one source.

    Args:
        look_up: how names become addresses.

    Raises BadSettings: as user_agent.
    """
    polite = source.polite
    return {
        "USER_AGENT": user_agent(source, settings),
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/pdf,application/xml;q=0.9,*/*;q=0.8",
            # A listing in another language than the declared one would hide publications.
            "Accept-Language": ", ".join((*source.languages, "*;q=0.5")),
        },
        "CONCURRENT_REQUESTS_PER_DOMAIN": polite.requests_at_once,
        "DOWNLOAD_MAXSIZE": settings.file_mebibytes_max * 1024**2,
        "RETRY_TIMES": polite.retries,
        LOOK_UP_SETTING: look_up,
        OWN_PLACES_SETTING: own_places(source),
    }


def user_agent(source: SourceFile, settings: Settings) -> str:
    """Return how we introduce ourselves: who, which version, whom to write to.

    Raises BadSettings: there is no contact, and the source is not on this machine.
    """
    name = f"{BOT_NAME}/{version('pushcart')}"
    if settings.contact:
        return f"{name} (+{settings.contact})"
    asked = (f"http://{source.connect_to}",) if source.connect_to else source.start
    if all(is_loopback_host(urlsplit(address).hostname or "") for address in asked):
        return name
    raise BadSettings(
        sentence("{name} is harvested over the internet, and PUSHCART_CONTACT is not set.", name=source.name),
        try_next=sentence("Set it to an e-mail address or web page of yours: publishers must be able to reach you."),
    )
