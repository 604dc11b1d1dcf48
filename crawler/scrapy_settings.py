"""Scrapy's settings for one source: polite, bounded, silent."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

from corpus.errors import BadSettings
from corpus.settings import Settings
from crawler.addresses import is_loopback_host
from crawler.declaration import SourceFile
from crawler.middlewares import ROBOTS_AGENT

MEBIBYTE = 1024 * 1024
REDIRECTS_MAX = 8


def user_agent(source: SourceFile, settings: Settings) -> str:
    """Return how we introduce ourselves: who, which version, whom to write to.

    Raises BadSettings: there is no contact, and the source is not on this machine.
    """
    name = f"{ROBOTS_AGENT}/{version('pushcart')}"
    if settings.contact:
        return f"{name} (+{settings.contact})"
    if all(is_loopback_host(urlsplit(address).hostname or "") for address in source.start):
        return name
    raise BadSettings(
        f"{source.name} is harvested over the internet, and PUSHCART_CONTACT is not set.",
        try_next="Set it to an e-mail address or web page of yours: publishers must be able to reach you.",
    )


def scrapy_settings(source: SourceFile, settings: Settings) -> dict[str, Any]:
    """Return the settings of a crawl of one source.

    Raises BadSettings: as user_agent.
    """
    polite = source.polite
    return {
        "USER_AGENT": user_agent(source, settings),
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": ROBOTS_AGENT,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/pdf,application/xml;q=0.9,*/*;q=0.8",
            # A listing in another language than the declared one would hide publications.
            "Accept-Language": ", ".join((*source.languages, "*;q=0.5")),
        },
        "DOWNLOAD_DELAY": polite.delay_seconds,
        "CONCURRENT_REQUESTS": 8,
        "CONCURRENT_REQUESTS_PER_DOMAIN": polite.requests_at_once,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": polite.delay_seconds,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(polite.requests_at_once),
        "EXTENSIONS": {
            "scrapy.extensions.throttle.AutoThrottle": None,
            "crawler.middlewares.Throttle": 0,
        },
        "DOWNLOAD_TIMEOUT": polite.timeout_seconds,
        "DOWNLOAD_MAXSIZE": settings.file_mebibytes_max * MEBIBYTE,
        "DOWNLOAD_WARNSIZE": 0,
        "RETRY_TIMES": polite.retries,
        "RETRY_PRIORITY_ADJUST": 0,
        "RETRY_GIVE_UP_LOG_LEVEL": "INFO",  # it stands in the run report
        "REDIRECT_MAX_TIMES": REDIRECTS_MAX,
        "METAREFRESH_ENABLED": False,
        "COOKIES_ENABLED": False,
        # A proxy would be asked for this machine's own pages too.
        "HTTPPROXY_ENABLED": not polite.allow_private,
        "DNS_TIMEOUT": 20,
        "HTTPCACHE_ENABLED": True,
        "HTTPCACHE_STORAGE": "crawler.page_cache.CacheStorage",
        "HTTPCACHE_POLICY": "crawler.page_cache.RevalidatePolicy",
        "DOWNLOADER_MIDDLEWARES": {
            "crawler.middlewares.AddressGuard": 50,
            "crawler.middlewares.RobotsOnTrouble": 545,  # after the retries have given up
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # the rules decide, host by host
            "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
            "crawler.page_cache.PageCacheMiddleware": 900,
            "crawler.middlewares.Pauses": 920,
            "crawler.middlewares.WireTally": 950,
        },
        **({} if polite.allow_private else {"TWISTED_DNS_RESOLVER": "crawler.middlewares.GuardedResolver"}),
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOGSTATS_INTERVAL": 0,
        "STATS_DUMP": False,
        "LOG_ENABLED": False,  # corpus.logs has set up the logs
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOG_VERSIONS": [],
    }
