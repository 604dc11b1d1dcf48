"""Links that lead nowhere, as pages, feeds, sitemaps and catalogues have them: `{host}` stands for the site's own host."""

from __future__ import annotations

MALFORMED = (
    "http://{host}:80b/f.pdf",
    "http://{host}:99999/f.pdf",
    "http://{host}:-1/f.pdf",
    "http://{host}:８０/f.pdf",
    "http://{host}:http/f.pdf",
    "http://[::1",
    "http://[::1/f.pdf",
    "http://[zz]/f.pdf",
    "http://:80/f.pdf",
    "https://",
    "https:///f.pdf",
    "https:office.example/f.pdf",
    "https://a b.example/f.pdf",
    "http://ℂ：80/f.pdf",
)
"""With http and https, as links and as what a page declares of itself."""
