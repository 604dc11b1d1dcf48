"""A PostgreSQL server of the tests' own: the records promise SQL that both databases take."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _binaries() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    return next((path.parent for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None)


@contextmanager
def postgresql_server() -> Iterator[str]:
    """Lend the SQLAlchemy address of an empty database; skip the test, saying why, where none can be had.

    In this order: PUSHCART_TEST_DATABASE_URL; a server started from the binaries of this machine.
    """
    if url := os.environ.get("PUSHCART_TEST_DATABASE_URL"):
        yield url
        return
    pytest.importorskip("psycopg", reason="needs psycopg (pip install .[postgresql])")
    binaries = _binaries()
    if binaries is None:
        pytest.skip("needs PostgreSQL: set PUSHCART_TEST_DATABASE_URL, or apt-get install postgresql")
    # PostgreSQL refuses to run as root; its package brings the user postgres.
    demote = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="pushcart-pg-"))
    if demote:
        shutil.chown(folder, "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(*command: str) -> None:
        subprocess.run(
            [*demote, *command], check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    try:
        run(str(binaries / "initdb"), "-A", "trust", "-U", "pushcart", "-N", "-D", str(folder / "data"))
        run(
            str(binaries / "pg_ctl"),
            "-D",
            str(folder / "data"),
            "-w",
            "-o",
            f"-p {port} -k {folder} -h 127.0.0.1 -F",
            "start",
        )
        yield f"postgresql+psycopg://pushcart@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(
            [*demote, str(binaries / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop"],
            check=False,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        shutil.rmtree(folder, ignore_errors=True)
