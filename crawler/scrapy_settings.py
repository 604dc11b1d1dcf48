"""Scrapy's settings for one source: polite, bounded, silent."""

from __future__ import annotations

import socket
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

from corpus.errors import BadSettings
from corpus.settings import Settings
from crawler.addresses import is_loopback_host, own_places
from crawler.declaration import SourceFile
from crawler.polite.hours import MEBIBYTE
from crawler.polite.names import LOOK_UP_SETTING, OWN_PLACES_SETTING, LookUp
from crawler.polite.robots import ROBOTS_AGENT

REDIRECTS_MAX = 8


def user_agent(source: SourceFile, settings: Settings) -> str:
    """Return how we introduce ourselves: who, which version, whom to write to.

    Raises BadSettings: there is no contact, and the source is not on this machine.
    """
    name = f"{ROBOTS_AGENT}/{version('pushcart')}"
    if settings.contact:
        return f"{name} (+{settings.contact})"
    asked = (f"http://{source.connect_to}",) if source.connect_to else source.start
    if all(is_loopback_host(urlsplit(address).hostname or "") for address in asked):
        return name
    raise BadSettings(
        f"{source.name} is harvested over the internet, and PUSHCART_CONTACT is not set.",
        try_next="Set it to an e-mail address or web page of yours: publishers must be able to reach you.",
    )


def scrapy_settings(source: SourceFile, settings: Settings, *, look_up: LookUp = socket.getaddrinfo) -> dict[str, Any]:
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
        # The gate keeps the promised distance to the millisecond; AutoThrottle lengthens what stands here.
        "DOWNLOAD_DELAY": polite.delay_seconds,
        "DOWNLOAD_DELAY_JITTER": 0.0,
        "CONCURRENT_REQUESTS": 8,
        # Spiders yield requests only; Scrapy starts so many tasks for each answer, 100 by default (a quarter of all work).
        "CONCURRENT_ITEMS": 1,
        "CONCURRENT_REQUESTS_PER_DOMAIN": polite.requests_at_once,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": polite.delay_seconds,
        "AUTOTHROTTLE_MAX_DELAY": max(60.0, polite.delay_seconds),
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(polite.requests_at_once),
        "EXTENSIONS": {
            "scrapy.extensions.throttle.AutoThrottle": None,
            "crawler.polite.pauses.Throttle": 0,
            "crawler.polite.gate.Gate": 0,
        },
        "DOWNLOAD_HANDLERS": {
            "http": "crawler.polite.wire.PoliteHandler",
            "https": "crawler.polite.wire.PoliteHandler",
            **dict.fromkeys(("data", "file", "ftp", "s3")),  # not even by mistake
        },
        "DOWNLOAD_MAXSIZE": settings.file_mebibytes_max * MEBIBYTE,
        "DOWNLOAD_WARNSIZE": 0,
        "RETRY_TIMES": polite.retries,
        "RETRY_PRIORITY_ADJUST": 0,
        "RETRY_GIVE_UP_LOG_LEVEL": "INFO",  # it stands in the run report
        "REDIRECT_MAX_TIMES": REDIRECTS_MAX,
        "METAREFRESH_ENABLED": False,
        "COOKIES_ENABLED": False,
        "HTTPCACHE_ENABLED": True,
        "HTTPCACHE_STORAGE": "crawler.page_cache.CacheStorage",
        "HTTPCACHE_POLICY": "crawler.page_cache.RevalidatePolicy",
        "DOWNLOADER_MIDDLEWARES": {
            "crawler.polite.guard.AddressGuard": 50,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "crawler.polite.robots.ObeyRobots": 100,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # the rules decide, host by host
            "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": None,  # the handler keeps the time
            "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
            "crawler.page_cache.PageCacheMiddleware": 900,
            "crawler.polite.pauses.Pauses": 920,
            "crawler.polite.bot_checks.BotChecks": 440,
            "crawler.encodings.EncodingMiddleware": 450,  # after decompression, which is at 590; redirects are at 600
        },
        "TWISTED_DNS_RESOLVER": "crawler.polite.names.GuardedNames",
        LOOK_UP_SETTING: look_up,
        OWN_PLACES_SETTING: own_places(source),
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOGSTATS_INTERVAL": 0,
        "STATS_DUMP": False,
        "LOG_ENABLED": False,  # corpus.logs has set up the logs
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOG_VERSIONS": [],
    }
