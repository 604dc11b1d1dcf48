"""WordPress with Yoast SEO: robots.txt, sitemaps, the head of a page, and a feed.

Shape: WordPress/WordPress (wp-includes/sitemaps, wp-includes/feed-rss2.php: ten newest entries, `?paged=N`, 404 after the
last) and Yoast/wordpress-seo (inc/sitemaps, src/generators/schema: one JSON-LD graph, og: and article: metas).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from xml.sax.saxutils import escape

from tests.publisher.world import Answer

_SITEMAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def robots_naming(sitemap: str) -> Answer:
    """Return the robots.txt of a site that names its sitemap."""
    text = f"User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n\nSitemap: {sitemap}\n"
    return Answer(text, type="text/plain; charset=utf-8")


def sitemap_index(*addresses: str) -> Answer:
    """Return an index of sitemaps."""
    entries = "".join(f"<sitemap><loc>{each}</loc></sitemap>" for each in addresses)
    return _xml(f"<sitemapindex {_SITEMAPS}>{entries}</sitemapindex>")


def sitemap(*entries: tuple[str, str]) -> Answer:
    """Return a sitemap of addresses with their lastmod; empty: without."""
    urls = "".join(
        f"<url><loc>{url}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</url>" for url, changed in entries
    )
    return _xml(f"<urlset {_SITEMAPS}>{urls}</urlset>")


def page(title: str, *, site: str, lang: str, published: str, body: str) -> Answer:
    """Return a page with the head that Yoast gives it; its title ends with the name of the site."""
    graph = [
        {"@type": "WebPage", "name": f"{title} - {site}", "datePublished": published, "inLanguage": lang},
        {"@type": "WebSite", "name": site},
        {"@type": "Organization", "name": site},
    ]
    ld = json.dumps({"@context": "https://schema.org", "@graph": graph})
    return Answer(
        f'<!doctype html><html lang="{lang}"><head><title>{escape(title)} - {site}</title>'
        f'<meta property="og:title" content="{escape(title)} - {site}" /><meta property="og:site_name" content="{site}" />'
        f'<meta property="article:published_time" content="{published}" />'
        f'<script type="application/ld+json" class="yoast-schema-graph">{ld}</script></head><body>'
        f'<header><nav><a href="/">Home</a></nav></header><main><h1 class="entry-title">{escape(title)}</h1>{body}</main>'
        f"<footer>{site}</footer></body></html>"
    )


def rss(title: str, items: Sequence[str]) -> Answer:
    """Return a feed."""
    head = (
        f"<title>{title}</title><link>http://streetnet.org.za</link><generator>https://wordpress.org/?v=6.5</generator>"
    )
    names = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return Answer(
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {names}><channel>{head}{"".join(items)}</channel></rss>',
        type="application/rss+xml; charset=UTF-8",
    )


def entry(title: str, link: str, *, date: str, category: str, content: str) -> str:
    """Return one entry of a feed; `content` is HTML."""
    return (
        f"<item><title>{escape(title)}</title><link>{link}</link><dc:creator><![CDATA[admin]]></dc:creator>"
        f"<pubDate>{date}</pubDate><category><![CDATA[{category}]]></category>"
        f'<guid isPermaLink="false">{link.split("/")[2]}?p={len(title)}</guid>'
        f"<content:encoded><![CDATA[{content}]]></content:encoded></item>"
    )


def _xml(text: str) -> Answer:
    return Answer(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', type="text/xml; charset=UTF-8")
