"""A Compose file of this checkout, run as it is under another project name: with a password file, a port and volumes of its own."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from tests.house.house import ROOT

SECONDS_MAX = 900
"""Of one command: the first builds the image."""


@dataclass
class Composed:
    """One Compose file and what runs of it."""

    file: str
    folder: Path
    """Holds `.env` and what differs from the file: ports that others may have, and no alerts.env of the operator."""
    differences: str = ""
    profiles: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    """Of `.env`."""
    transcript: list[str] = field(default_factory=list)
    """What took long, with its seconds."""

    @property
    def name(self) -> str:
        """Return the name of the project, whose volumes may be deleted."""
        return f"test-{self.file.split('.')[1 if self.file.startswith('compose') else 0]}"

    def type(self, *words: str | Path, ok: bool = True, **others: Any) -> subprocess.CompletedProcess[str]:
        """Type `docker compose WORDS` and wait for its end.

        Args:
            words: after `docker compose` and its options.
            ok: whether it has to end with 0.
            others: for subprocess.run.
        """
        (self.folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in self.settings.items()))
        (self.folder / "differences.yml").write_text(self.differences or "services: {}\n")
        options = ["--project-name", self.name, "--project-directory", str(ROOT), "--env-file", self.folder / ".env"]
        options += ["--file", ROOT / self.file, "--file", self.folder / "differences.yml"]
        for profile in self.profiles:
            options += ["--profile", profile]
        begun = time.monotonic()
        ended = docker("compose", "--ansi=never", *options, *words, **others)
        seconds = time.monotonic() - begun
        if seconds > 5:
            self.transcript.append(
                f"{seconds:5.0f} s  docker compose {' '.join(' '.join(map(str, words)).split())[:100]}"
            )
        assert not ok or ended.returncode == 0, (
            f"{words} ended with {ended.returncode}:\n{ended.stdout}\n{ended.stderr}"
        )
        return ended

    def inspect(self, service: str) -> dict[str, Any]:
        """Return what the engine knows of the container of a service, also of one that ended."""
        container = self.type("ps", "--all", "--quiet", service).stdout.split()
        return dict(json.loads(docker("inspect", *container).stdout)[0])

    def states(self) -> dict[str, str]:
        """Return, for each service, whether it is `healthy`, or how it ended."""
        lines = self.type("ps", "--all", "--format", "json").stdout.splitlines()
        told = [json.loads(line) for line in lines]
        return {each["Service"]: each["Health"] or f"{each['State']} {each['ExitCode']}" for each in told}

    def wait_until_healthy(self, *services: str, seconds: float = 600) -> None:
        """Wait until these services are healthy, or all that have a check."""
        wanted = set(services or self.lasting())
        wait_until(lambda: {each for each, state in self.states().items() if state == "healthy"} >= wanted, seconds=seconds,
                   otherwise=self.states)  # fmt: skip

    def lasting(self) -> set[str]:
        """Return the services that go on until they are stopped."""
        told = json.loads(self.type("config", "--format", "json").stdout)["services"]
        return {service for service, has in told.items() if has.get("restart") == "unless-stopped"}

    def get(self, path: str, **parameters: str) -> dict[str, Any]:
        """Ask the pages on the port that is published on this machine, and return their JSON."""
        where = self.type("port", "pages", "8000").stdout.strip()
        with urlopen(f"http://{where}{path}?{urlencode(parameters)}", timeout=20) as response:
            return dict(json.load(response))

    def found(self, words: str) -> int:
        """Return how many documents a search finds."""
        return int(self.get("/api/v1/search", q=words)["total"])

    def kill(self, service: str) -> None:
        """Kill the first process of a container, as the kernel does when memory is short; `docker kill` would count as a stop."""
        number = self.inspect(service)["State"]["Pid"]
        image = self.inspect("pages")["Image"]
        kill = ("--entrypoint", "sh", image, "-c", f"kill -9 {number}")
        ended = docker("run", "--rm", "--pid", "host", "--user", "0", "--network", "none", *kill)
        assert ended.returncode == 0, ended.stderr


def docker(*words: str | Path, **others: Any) -> subprocess.CompletedProcess[str]:
    """Type `docker WORDS` and return how it ended."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PUSHCART_", "COMPOSE_"))}
    given: dict[str, Any] = {"capture_output": True, "text": True, "timeout": SECONDS_MAX, "stdin": subprocess.DEVNULL}
    return subprocess.run(["docker", *words], env=kept, check=False, **given | others)


def wait_until(
    condition: Callable[[], object], *, seconds: float, otherwise: Callable[[], object] = lambda: ""
) -> None:
    """Wait until something is so; what cannot be asked yet is not so yet."""
    until = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except OSError:
            pass
        assert time.monotonic() < until, f"not so after {seconds} s: {otherwise()}"
        time.sleep(1)


def new_settings() -> dict[str, str]:
    """Return an `.env` as the example asks for, with passwords that nobody else has."""
    passwords = ("RECORDS_PASSWORD", "ELASTIC_PASSWORD", "SEARCHING_PASSWORD", "INDEXING_PASSWORD")
    return {name: secrets.token_hex(24) for name in passwords} | {"PUSHCART_CONTACT": "test@example.org"}


def stand_ins(images: Sequence[str]) -> dict[str, str]:
    """Return those images that are not their publishers', with what they really are: their builder says so in labels."""
    found = {}
    for image in images:
        labels = json.loads(docker("image", "inspect", "--format", "{{json .Config.Labels}}", image).stdout or "null")
        if labels and labels.get("stand-in"):
            found[image] = labels.get("stand-in.is", "unknown")
    return found
