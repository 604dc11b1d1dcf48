"""Answers of the shape that each kind of API gives, written for the tests; where the shapes come from stands in the mappings."""

from __future__ import annotations

from typing import Any

from tests.crawler.api_site import ApiSite, Asked, part_of, said

COUNT = 7
"""Records of every list; with three to a page that makes three pages."""


def serve_worldbank(site: ApiSite) -> str:
    def wds(asked: Asked) -> Any:
        numbers = part_of(range(COUNT), asked.number("os"), asked.number("rows", 10))
        documents = {f"D{n}": _worldbank(n, site.url) for n in numbers}
        return said(
            {
                "rows": "3",
                "os": asked.number("os"),
                "page": 1,
                "total": str(COUNT),
                "documents": documents | {"facets": {}},
            }
        )

    site.answers["/api/v3/wds"] = wds
    return f"{site.url}/api/v3/wds?qterm=informal&rows=3"


def _worldbank(n: int, base: str) -> dict[str, Any]:
    return {
        "id": str(n),
        "display_title": f"Informal work in brief,\n number {n}",
        "authors": {"0": {"author": "Okafor, Ada"}, "1": {"author": "Silva, Rui"}},
        "count": "Ghana",
        "docty": "Policy Research Working Paper",
        "majdocty": "Publications & Research",
        "lang": "English",
        "docdt": "2013-10-01T04:00:00Z",
        "keywd": {"0": {"keywd": "Finance"}, "1": {"keywd": " street vending"}},
        "abstracts": {"cdata!": "Street vendors &amp; home-based workers."},
        "colti": "Policy Research working paper ; no. WPS 6630",
        "dois": "10.1596/978-1-4648-1897-4",
        "pdfurl": f"{base}/curated/{n}/WPS{n}.pdf",
        "url": f"{base}/curated/{n}",
    }


def serve_dspace7(site: ApiSite, *, embeds: bool = True) -> str:
    """Serve a repository; without `embeds` it leaves out the files from search results and from bundles."""

    def search(asked: Asked) -> Any:
        page, size = asked.number("page"), asked.number("size", 20)
        items = [_item(n, site.url, embeds=embeds) for n in part_of(range(COUNT), page * size, size)]
        objects = [{"hitHighlights": {}, "_embedded": {"indexableObject": item}} for item in items]
        counts = {"number": page, "size": size, "totalPages": -(-COUNT // size), "totalElements": COUNT}
        return said({"_embedded": {"searchResult": {"_embedded": {"objects": objects}, "page": counts}}})

    site.answers["/server/api/discover/search/objects"] = search
    for n in range(COUNT):
        item = f"/server/api/core/items/item-{n}"
        bundles = [_bundle(name, n, site.url, embeds=False) for name in ("ORIGINAL", "THUMBNAIL")]
        site.answers[f"{item}/bundles"] = lambda asked, found=bundles: said({"_embedded": {"bundles": found}})
        streams = {"_embedded": {"bitstreams": _bitstreams("ORIGINAL", n, site.url)}}
        site.answers[f"/server/api/core/bundles/ORIGINAL-{n}/bitstreams"] = lambda asked, found=streams: said(found)
    return f"{site.url}/server/api/discover/search/objects?query=informal%20OR%20precarious&size=3"


def _item(n: int, base: str, *, embeds: bool) -> dict[str, Any]:
    def of(*values: str) -> list[dict[str, Any]]:
        return [{"value": value, "language": None, "place": place} for place, value in enumerate(values)]

    item: dict[str, Any] = {
        "uuid": f"item-{n}",
        "name": f"Waste pickers {n}",
        "handle": f"10986/{n}",
        "lastModified": "2025-02-03T04:05:06.000+00:00",
        "withdrawn": False,
        "metadata": {
            "dc.title": of(f"Waste pickers {n}"),
            "dc.contributor.author": of("Ansar, Saniya", "Klapper, Leora"),
            "dc.date.issued": of("2025-01-09"),
            "dc.identifier.doi": of(f"10.1596/1813-9450-{n}"),
            "dc.identifier.uri": of(f"{base}/handle/{n}"),
            "dc.type": of("Working Paper"),
            "dc.rights": of("CC BY 3.0 IGO"),
            "dc.language.iso": of("en_US"),
        },
        "_links": {"bundles": {"href": f"{base}/server/api/core/items/item-{n}/bundles"}},
    }
    if embeds:
        bundles = [_bundle(name, n, base, embeds=True) for name in ("TEXT", "ORIGINAL", "THUMBNAIL")]
        item["_embedded"] = {"bundles": {"_embedded": {"bundles": bundles}}}
    return item


def _bundle(name: str, n: int, base: str, *, embeds: bool) -> dict[str, Any]:
    bundle: dict[str, Any] = {
        "name": name,
        "_links": {"bitstreams": {"href": f"{base}/server/api/core/bundles/{name}-{n}/bitstreams"}},
    }
    if embeds:
        bundle["_embedded"] = {"bitstreams": {"_embedded": {"bitstreams": _bitstreams(name, n, base)}}}
    return bundle


def _bitstreams(bundle: str, n: int, base: str) -> list[dict[str, Any]]:
    names = {
        "ORIGINAL": (f"report-{n}.pdf", f"report-{n}.txt", "cover.jpg"),
        "TEXT": (f"report-{n}.pdf.txt",),
        "THUMBNAIL": (f"report-{n}.pdf.jpg",),
    }[bundle]
    return [
        {
            "name": name,
            "metadata": {},
            "_links": {"content": {"href": f"{base}/server/api/core/bitstreams/{name}/content"}},
        }
        for name in names
    ]


def serve_reliefweb(site: ApiSite) -> str:
    def reports(asked: Asked) -> Any:
        offset, limit = asked.number("offset"), asked.number("limit", 10)
        data = [_report(n, site.url) for n in part_of(range(COUNT), offset, limit)]
        links = {"self": {"href": f"{site.url}/v2/reports"}}
        if offset + limit < COUNT:
            links["next"] = {"href": f"{site.url}/v2/reports?appname=test&limit={limit}&offset={offset + limit}"}
        return said({"totalCount": COUNT, "count": len(data), "links": links, "data": data})

    site.answers["/v2/reports"] = reports
    return f"{site.url}/v2/reports?appname=test&limit=3"


def _report(n: int, base: str) -> dict[str, Any]:
    return {
        "id": str(4_000_000 + n),
        "score": 1,
        "fields": {
            "title": f"Informal markets after the flood {n}",
            "body": "Traders **lost** stock & stalls.",
            "date": {
                "created": "2024-05-06T00:00:00+00:00",
                "original": "2024-05-05T00:00:00+00:00",
                "changed": f"2024-05-0{n + 1}T00:00:00+00:00",
            },
            "language": [{"id": 267, "name": "English", "code": "en"}],
            "source": [{"name": "UN Office for the Coordination of Humanitarian Affairs", "shortname": "OCHA"}],
            "format": [{"name": "Assessment"}],
            "theme": [{"name": "Recovery and Reconstruction"}],
            "primary_country": {"iso3": "moz", "name": "Mozambique"},
            "url_alias": f"{base}/report/{n}",
            "file": [
                {"url": f"{base}/attachments/{n}/report.pdf", "filename": "report.pdf", "mimetype": "application/pdf"},
                {"url": f"{base}/attachments/{n}/map.png", "filename": "map.png", "mimetype": "image/png"},
            ],
        },
    }


def serve_invenio(site: ApiSite, *, is_zenodo: bool = True, total: int = COUNT) -> str:
    """Serve a repository in the older shape, that of Zenodo, or in that of InvenioRDM."""

    def records(asked: Asked) -> Any:
        page, size = asked.number("page", 1), asked.number("size", 25)
        made = _zenodo if is_zenodo else _invenio
        hits = [made(n, site.url) for n in part_of(range(COUNT), (page - 1) * size, size)]
        return said({"hits": {"hits": hits, "total": total}, "links": {"self": f"{site.url}/api/records"}})

    site.answers["/api/records"] = records
    for n in range(COUNT):
        entry = {
            "key": f"paper-{n}.pdf",
            "mimetype": "application/pdf",
            "links": {"content": f"{site.url}/api/records/r{n}/files/paper-{n}.pdf/content"},
        }
        site.answers[f"/api/records/r{n}/files"] = lambda asked, entry=entry: said(
            {"enabled": True, "entries": [entry]}
        )
    return f"{site.url}/api/records?q=informal&size=3"


def _zenodo(n: int, base: str) -> dict[str, Any]:
    return {
        "id": 1000 + n,
        "updated": "2024-06-11T09:34:17.304571+00:00",
        "doi": f"10.5281/zenodo.{1000 + n}",
        "metadata": {
            "title": f"Domestic workers {n}",
            "description": "<p>On <strong>pay</strong> &amp; hours.</p>",
            "creators": [{"name": "Moreno, Luz", "affiliation": "UNAM"}],
            "publication_date": "2024-06-01",
            "resource_type": {"title": "Working paper", "type": "publication", "subtype": "workingpaper"},
            "license": {"id": "cc-by-4.0"},
            "language": "spa",
            "keywords": ["domestic work", "care"],
        },
        "links": {"self_html": f"{base}/records/{1000 + n}"},
        "files": [
            {"key": "data.csv", "links": {"self": f"{base}/api/records/{n}/files/data.csv/content"}},
            {"key": f"paper-{n}.pdf", "links": {"self": f"{base}/api/records/{n}/files/paper-{n}.pdf/content"}},
        ],
    }


def _invenio(n: int, base: str) -> dict[str, Any]:
    return {
        "id": f"r{n}",
        "updated": "2024-06-11T09:34:17.304571+00:00",
        "pids": {"doi": {"identifier": f"10.1234/r{n}", "provider": "datacite"}},
        "metadata": {
            "title": f"Domestic workers {n}",
            "creators": [{"person_or_org": {"name": "Moreno, Luz", "type": "personal"}}],
            "publication_date": "2024-06",
            "resource_type": {"id": "publication-workingpaper", "title": {"en": "Working paper"}},
            "rights": [{"id": "cc-by-4.0", "title": {"en": "CC BY 4.0"}}],
            "languages": [{"id": "spa"}],
            "subjects": [{"subject": "care"}],
        },
        "links": {"self_html": f"{base}/records/r{n}", "files": f"{base}/api/records/r{n}/files"},
        "files": {"enabled": True, "count": 1},
    }


def serve_openalex(site: ApiSite) -> str:
    def works(asked: Asked) -> Any:
        if not (cursor := asked.one("cursor")):
            return said({"error": "Unauthorized", "message": "A cursor is needed."}, status=401)
        offset = 0 if cursor == "*" else int(cursor.removeprefix("after="))
        results = [_work(n, site.url) for n in part_of(range(COUNT), offset, 3)]
        following = f"after={offset + 3}" if results else None
        return said({"meta": {"count": COUNT, "next_cursor": following}, "results": results})

    site.answers["/works"] = works
    return f"{site.url}/works?filter=has_pdf_url:true"


def _work(n: int, base: str) -> dict[str, Any]:
    return {
        "id": f"https://openalex.org/W{n}",
        "doi": f"https://doi.org/10.1234/w{n}",
        "display_name": f"Platform work {n}",
        "publication_date": "2023-06-15",
        "language": "en",
        "type": "article",
        "authorships": [{"author": {"display_name": "Jane Smith"}}, {"author": None}],
        "primary_location": {
            "landing_page_url": f"{base}/doi/{n}",
            "pdf_url": None,
            "license": "cc-by",
            "source": {
                "display_name": "World Development",
                "issn": ["0305-750X"],
                "host_organization_name": "Elsevier BV",
            },
        },
        "best_oa_location": {"pdf_url": f"{base}/oa/{n}/download", "license": "cc-by"} if n else None,
        "keywords": [{"display_name": "Gig economy"}],
        "abstract_inverted_index": {"Work": [0], "is": [1, 3], "what": [2], "done.": [4]},
        "updated_date": "2025-01-02",
    }


def serve_crossref(site: ApiSite) -> str:
    def works(asked: Asked) -> Any:
        cursor = asked.one("cursor")
        offset = 0 if cursor == "*" else int(cursor.removeprefix("AoJ+/"))
        items = [_crossref(n, site.url) for n in part_of(range(COUNT), offset, 3)]
        message = {"total-results": COUNT, "items": items, "next-cursor": f"AoJ+/{offset + 3}", "items-per-page": 3}
        return said({"status": "ok", "message-type": "work-list", "message": message})

    site.answers["/works"] = works
    return f"{site.url}/works?filter=type:report"


def _crossref(n: int, base: str) -> dict[str, Any]:
    return {
        "DOI": f"10.54394/ilo{n}",
        "URL": f"{base}/doi/{n}",
        "title": [f"Formalization of <i>enterprises</i> {n}"],
        "author": [
            {"given": "Ana", "family": "Souza"},
            {"name": "International Labour Organization"},
            {"family": "Li"},
        ],
        "issued": {"date-parts": [[2019, 5]]},
        "abstract": "<jats:title>Abstract</jats:title><jats:p>We examine small firms.</jats:p>",
        "type": "report",
        "publisher": "ILO",
        "container-title": ["ILO Working Papers"],
        "ISSN": ["2708-3446"],
        "license": [{"URL": "https://creativecommons.org/licenses/by/4.0/"}],
        "deposited": {"date-time": "2024-01-02T03:04:05Z", "timestamp": 1},
        "link": [
            {"URL": f"{base}/x/{n}.xml", "content-type": "text/xml", "intended-application": "text-mining"},
            {"URL": f"{base}/x/{n}.pdf", "content-type": "application/pdf", "intended-application": "text-mining"},
        ],
    }
