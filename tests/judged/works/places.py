"""Where the originals of the judged pairs are: the shared data, and repositories that were copied beside ours."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
MIRRORS = Path(__file__).resolve().parents[4] / ".mirror"
"""A folder of repositories, `OWNER+NAME/repo`, as the tool `fetch` makes it: bare, or with the bare one in `.git`."""
_SUFFIXES = {"md": "txt"}
"""Markdown is read as the text that it is."""


class NotHere(Exception):
    """An original is not on this machine; the message says which one, and where it would be."""


def original(place: Mapping[str, Any], *, shared: Path = SHARED, mirrors: Path = MIRRORS) -> tuple[bytes, str]:
    """Return the bytes of an original and its suffix: `pdf`, `txt` or `html`.

    Raises NotHere.
    """
    if "shared" in place:
        path = shared / place["shared"]
        if not path.is_file():
            raise NotHere(f"{place['shared']} is not in {shared}")
        return path.read_bytes(), path.suffix[1:].lower()
    if "undp" in place:
        return _undp_text(place["undp"], shared).encode(), "txt"
    suffix = Path(place["path"]).suffix[1:].lower()
    return _blob(place, mirrors), _SUFFIXES.get(suffix, suffix)


@cache
def _undp_texts(shared: Path) -> dict[str, str]:
    path = shared / "gold" / "undp-tagged.jsonl.gz"
    if not path.is_file():
        raise NotHere(f"{path.name} is not in {path.parent}")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return {row["id"]: row["text"] for row in map(json.loads, file)}


def _undp_text(name: str, shared: Path) -> str:
    texts = _undp_texts(shared)
    if name not in texts:
        raise NotHere(f"the UNDP texts in {shared} have no {name}")
    return texts[name]


def _blob(place: Mapping[str, Any], mirrors: Path) -> bytes:
    folder = mirrors / place["repository"].replace("/", "+") / "repo"
    if not folder.is_dir():
        raise NotHere(f"{place['repository']} is not in {mirrors}")
    folder = folder / ".git" if (folder / ".git").is_dir() else folder
    found = subprocess.run(
        ["git", f"--git-dir={folder}", "cat-file", "blob", place["blob"]], capture_output=True, check=False
    )
    if found.returncode:
        raise NotHere(f"{place['path']} ({place['blob'][:12]}) is not in {folder}")
    return found.stdout
