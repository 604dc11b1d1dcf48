#!/usr/bin/env python3
"""Write docs/source-file.schema.json, which follows from the models of source files.

Usage: scripts/sources.py           write it
       scripts/sources.py --check   change nothing; exit code 1 when it is not what the models say
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from crawler.sources.schema import json_schema

SCHEMA = Path(__file__).resolve().parent.parent / "docs" / "source-file.schema.json"


def written() -> str:
    """Return the text that the file should have."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the file, or check it."""
    is_stale = not SCHEMA.exists() or SCHEMA.read_text(encoding="utf-8") != written()
    if is_stale and "--check" in sys.argv[1:]:
        print(f"{SCHEMA.name} is not what the models say; run scripts/sources.py.")
        return 1
    if is_stale:
        SCHEMA.write_text(written(), encoding="utf-8")
        print(f"Written: {SCHEMA.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
