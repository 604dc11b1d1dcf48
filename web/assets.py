"""Static files under names that carry a hash of their content, so that browsers may keep them forever."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One static file."""

    hashed_name: str
    content: bytes
    compressed: bytes
    content_type: str


class Assets:
    """All static files of the pages, read once; they weigh a few kilobytes together."""

    def __init__(self, assets: Mapping[str, Asset]) -> None:
        self._by_name = assets
        self._by_hashed_name = {asset.hashed_name: asset for asset in assets.values()}

    def address(self, name: str) -> str:
        """Return the address of a file such as `pushcart.css`. Raises KeyError: there is no such file."""
        return f"/static/{self._by_name[name].hashed_name}"

    def named(self, hashed_name: str) -> Asset | None:
        """Return the file of that hashed name; None when there is none (any more)."""
        return self._by_hashed_name.get(hashed_name)


def load_assets() -> Assets:
    """Read the folder `static` of this package."""
    assets = {}
    for entry in files("web").joinpath("static").iterdir():
        stem, _, ending = entry.name.rpartition(".")
        if ending not in _TYPES:
            continue
        content = _slim(entry.read_bytes()) if ending == "css" else entry.read_bytes()
        short = hashlib.sha256(content).hexdigest()[:10]
        assets[entry.name] = Asset(
            hashed_name=f"{stem}.{short}.{ending}",
            content=content,
            compressed=gzip.compress(content, compresslevel=9, mtime=0),
            content_type=_TYPES[ending],
        )
    return Assets(assets)


def _slim(sheet: bytes) -> bytes:
    """Return a style sheet without comments and indentation: a kilobyte less for everybody who comes first."""
    first, *others = sheet.decode().split("/*")
    text = first + "".join(other.partition("*/")[2] for other in others)
    return "\n".join(filter(None, map(str.strip, text.splitlines()))).encode()


def serve_asset(request: Request, asset: Asset) -> Response:
    """Answer with a static file, compressed where the browser takes that."""
    headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding", "ETag": f'"{asset.hashed_name}"'}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.compressed, media_type=asset.content_type, headers=headers)
    return Response(asset.content, media_type=asset.content_type, headers=headers)
