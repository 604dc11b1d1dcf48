#!/usr/bin/env python3
"""Write what follows from the models of source files: docs/source-file.schema.json, and the tables of docs/source-files.md.

Usage: scripts/sources.py           write both
       scripts/sources.py --check   change nothing; exit code 1 when one of them is not what the models say
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from crawler.sources.schema import field_tables, json_schema

DOCS = Path(__file__).resolve().parent.parent / "docs"
SCHEMA, PAGE = DOCS / "source-file.schema.json", DOCS / "source-files.md"
_TABLES = re.compile(r"(?<=<!-- tables: scripts/sources.py writes them -->\n)[\s\S]*(?=\n<!-- end of tables -->)")


def written() -> dict[Path, str]:
    """Return the text that each file should have."""
    page = PAGE.read_text(encoding="utf-8")
    return {
        SCHEMA: json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n",
        PAGE: _TABLES.sub(lambda _: f"\n{field_tables()}\n", page),
    }


def main() -> int:
    """Write the files, or check them."""
    stale = [path for path, text in written().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if "--check" in sys.argv[1:]:
            print(f"{path.name} is not what the models say; run scripts/sources.py.")
        else:
            path.write_text(written()[path], encoding="utf-8")
            print(f"Written: {path.name}")
    return 1 if stale and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
