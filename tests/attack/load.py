"""Many clients at once, for a time: how many answers, how late, how many errors, how much memory."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.attack.served import Served

CLIENT_SECONDS = 30.0
"""A client gives up after so long."""
REFUSED_SECONDS_MAX = 2.0
"""A client that is told to come back later does so, but waits no longer than this."""
REFUSED = (429, 503)


@dataclass(slots=True)
class Load:
    """What the clients saw. Grows while they ask, over several rounds."""

    seconds: float = 0.0
    """For how long they asked."""
    answered: list[float] = field(default_factory=list)
    """Milliseconds of each whole answer with a status below 500."""
    refused: int = 0
    """Answers 429 and 503 that say in Retry-After when to come back."""
    errors: Counter[str] = field(default_factory=Counter)
    """Everything else: other statuses from 500 on, refusals without Retry-After, broken connections, time-outs."""
    mebibytes: float = 0.0
    """Most memory of the server."""
    kills: int = 0

    def percentile(self, hundredth: int) -> float:
        """Return the milliseconds within which so many of a hundred answers came; NaN without answers."""
        if len(self.answered) < 2:
            return float("nan")
        return statistics.quantiles(self.answered, n=100, method="inclusive")[hundredth - 1]

    def __str__(self) -> str:
        rate = len(self.answered) / self.seconds if self.seconds else 0
        p50, p95, p99 = (self.percentile(each) for each in (50, 95, 99))
        errors = ", ".join(f"{number} {kind}" for kind, number in self.errors.most_common(4)) or "none"
        return (
            f"{rate:.0f} answers/s, p50 {p50:.0f} p95 {p95:.0f} p99 {p99:.0f} ms, refused {self.refused}, "
            f"errors {errors}, memory {self.mebibytes:.0f} MiB"
        )


def targets(words: Sequence[str], *, seed: int) -> list[str]:
    """Return what the clients ask for: searches by API, page and feed, suggestions, the start; a few are long or rare."""
    dice = random.Random(seed)
    made = []
    for _ in range(400):
        text = "+".join(dice.choices(words, k=dice.choice((1, 2, 2, 3, 4))))
        place = dice.choice(("/api/v1/search?q=", "/search?q=", "/search?q=", "/feed.atom?q="))
        made.append(place + text + dice.choice(("", "", "", "&sort=newest", "&year=2010..2020", "&country=PER")))
        if dice.random() < 0.2:
            made.append(f"/api/v1/suggest?q={text[:4]}")
        if dice.random() < 0.1:
            made.append("/")
    return made


def run_round(server: Served, load: Load, *, clients: int, seconds: float, targets: Sequence[str]) -> None:
    """Let so many clients ask for a time, and add what they saw."""
    asyncio.run(_round(server, load, clients=clients, seconds=seconds, targets=targets))
    if server.revive():
        load.kills += 1


async def _round(server: Served, load: Load, *, clients: int, seconds: float, targets: Sequence[str]) -> None:
    began = time.monotonic()
    end = began + seconds
    asking = [
        asyncio.create_task(_client(server.port, load, end=end, targets=targets, seed=one)) for one in range(clients)
    ]
    while time.monotonic() < end and server.lives():
        load.mebibytes = max(load.mebibytes, server.mebibytes())
        await asyncio.sleep(0.5)
    await asyncio.gather(*asking)
    load.seconds += time.monotonic() - began  # with the answers that were still to come


async def _client(port: int, load: Load, *, end: float, targets: Sequence[str], seed: int) -> None:
    dice = random.Random(seed)
    line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    while time.monotonic() < end:
        began = time.monotonic()
        try:
            async with asyncio.timeout(CLIENT_SECONDS):
                line = line or await asyncio.open_connection("127.0.0.1", port)
                status, later, closes = await _exchange(*line, target=dice.choice(targets), port=port)
        except (OSError, EOFError, ValueError, TimeoutError) as error:
            load.errors[type(error).__name__] += 1
            line = _close(line)
            await asyncio.sleep(0.1)
            continue
        if status in REFUSED and later is not None:
            load.refused += 1
            await asyncio.sleep(min(later, REFUSED_SECONDS_MAX))
        elif status >= 500 or status in REFUSED:
            load.errors[f"status {status}"] += 1
        else:
            load.answered.append((time.monotonic() - began) * 1000)
        if closes:
            line = _close(line)
    _close(line)


def _close(line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None) -> None:
    if line:
        line[1].close()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, target: str, port: int
) -> tuple[int, float | None, bool]:
    """Return the status, what Retry-After says in seconds, and whether the server closes now."""
    writer.write(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\n\r\n".encode())
    await writer.drain()
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
    headers = dict(row.split(": ", 1) for row in head[1:] if ": " in row)
    if headers.get("transfer-encoding") == "chunked":
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readuntil(b"\r\n")
    else:
        await reader.readexactly(int(headers.get("content-length", 0)))
    later = headers.get("retry-after")
    return int(head[0].split(" ")[1]), float(later) if later else None, headers.get("connection") == "close"
