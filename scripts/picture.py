#!/usr/bin/env python3
"""Make the screenshot of the README again: docs/pictures/results.png.

Usage: make run, then in a second terminal: .venv/bin/python scripts/picture.py [ADDRESS]

ADDRESS is that of the pages, http://127.0.0.1:8000 if left out. It needs `make setup-dev` and Chromium.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "results.png"
SEARCH = "/search?q=domestic+workers+social+protection"
WIDTH, HEIGHT = 1280, 900
BYTES_MAX = 150_000


def main() -> None:
    """Open the results page and save what a reader sees."""
    address = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(f"{address}{SEARCH}")
        page.screenshot(path=PICTURE)
        browser.close()
    _compress(PICTURE)
    print(f"{PICTURE}: {PICTURE.stat().st_size:,} bytes")


def _compress(picture: Path) -> None:
    """Reduce a PNG to 64 colours, which text on a plain page does not show."""
    from PIL import Image

    with Image.open(picture) as image:
        image.convert("RGB").quantize(64).save(picture, optimize=True)
    if picture.stat().st_size > BYTES_MAX:
        sys.exit(f"{picture} has more than {BYTES_MAX:,} bytes.")


if __name__ == "__main__":
    main()
