"""An application that is served, and a real browser to open it in: for the browser tests of every package."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI


def free_port() -> int:
    """Return a port of this machine on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(app: FastAPI, *, port: int = 0, **options: Any) -> Iterator[str]:
    """Serve an application in a thread while the block runs, and give its address.

    Args:
        app: what is served.
        port: 0: any that is free.
        options: others of uvicorn, such as its certificate.
    """
    port = port or free_port()
    running = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off", **options))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join(timeout=10)


@contextmanager
def opened_chromium() -> Iterator[Any]:
    """Open the system's own Chromium while the block runs; skip, saying why, where there is none.

    Only one can be open in a process: Playwright refuses a second, so tests take the fixture `chromium`.
    """
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no browser tests")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None or not Path(path).exists():
        pytest.skip("no Chromium on this machine: the pages were NOT opened in a browser")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
