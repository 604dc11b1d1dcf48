"""Whether the files of a tantivy index are whole: each ends with the CRC-32 of what is before it, which reading does not compare.

The end of a file, as tantivy 0.27 writes it: JSON with `crc`, its length, and the number 1337, both of 4 bytes.
"""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path

_ENDINGS = ("store", "term", "idx", "pos", "fast", "fieldnorm")
"""Of the files of every segment."""
_MAGIC = 1337
_CHUNK = 1 << 20
_FOOTER_BYTES_MAX = 4096


def fault_of_segments(folder: Path) -> str:
    """Read every file of the segments that count, and say what is wrong with the first damaged one; empty: nothing is."""
    segments = _segments(folder)
    if segments is None:
        return f"{folder.name}/meta.json cannot be read"
    for segment in segments:
        names = {f"{segment}.{ending}" for ending in _ENDINGS} | {each.name for each in folder.glob(f"{segment}.*.del")}
        for name in sorted(names):
            fault = _fault_of(folder / name)
            if fault and segment in (_segments(folder) or ()):  # else it was merged into another one meanwhile
                return f"{folder.name}/{name} {fault}"
    return ""


def _segments(folder: Path) -> tuple[str, ...] | None:
    """Return the names of the segments that count; None: the file that says it cannot be read."""
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        return tuple(str(each["segment_id"]).replace("-", "") for each in meta["segments"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _fault_of(path: Path) -> str:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            file.seek(max(0, size - _FOOTER_BYTES_MAX))
            end = file.read()
            length, magic = struct.unpack("<II", end[-8:])
            stated = int(json.loads(end[-8 - length : -8])["crc"])
            if magic != _MAGIC:
                return "has no checksum at its end"
            file.seek(0)
            found, left = 0, size - 8 - length
            while left > 0 and (chunk := file.read(min(_CHUNK, left))):
                found, left = zlib.crc32(chunk, found), left - len(chunk)
    except FileNotFoundError:
        return "is missing"
    except (struct.error, ValueError, KeyError, TypeError):
        return "is truncated or damaged"
    return "" if found == stated else "is damaged: its checksum is another one"
