"""The parts of the attack: each tries one kind of thing on a running server or a folder, and says what got through."""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import seed as hypothesis_seed
from hypothesis import settings as trying
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.attack import folder as folders
from tests.attack.asking import Answer
from tests.attack.hostile_requests import OPEN_PAGES, fault, leaks, tricks
from tests.attack.load import REFUSED, Load, run_round, targets
from tests.attack.queries import COSTLY, PLACES, THE_CURSOR, cursor_for, forged_cursors, fuzzed, quoted
from tests.attack.served import Cost, Served
from tests.attack.slow import dripping, seconds_until_dropped

CPU_SECONDS_MAX = 2.0
"""What one search, page or feed may cost."""
MEBIBYTES_MAX = 200.0
"""What it may take above what the server holds."""
SECONDS_MAX = 60.0
"""An answer that is not there by then does not come."""
PLAIN_SECONDS_MAX = 2.0
"""How long a plain search may wait while others attack."""
CROWDED_SECONDS_MAX = 5.0
"""How long it may wait, or until it is refused, while many costly ones run at once."""
CROWD_SECONDS = 120.0
DROPPED_SECONDS_MAX = 90.0
"""A request whose headers are not there by then must be given up by the server."""


@dataclass(slots=True)
class Found:
    """What one part found."""

    part: str
    tried: int = 0
    figures: str = ""
    """What was measured, in one line."""
    through: list[str] = field(default_factory=list)
    """What got through; empty: nothing."""
    wanted: int = 0
    """How many were to be tried, where the time allowed fewer; 0: all were."""


@dataclass(slots=True)
class Worst:
    """The costliest requests so far."""

    cpu: tuple[float, str] = (0.0, "")
    memory: tuple[float, str] = (0.0, "")

    def note(self, cost: Cost, target: str) -> None:
        """Look at one more."""
        self.cpu = max(self.cpu, (cost.cpu_seconds, target))
        self.memory = max(self.memory, (cost.mebibytes, target))

    def __str__(self) -> str:
        return f"worst CPU {self.cpu[0]:.2f} s ({self.cpu[1][:60]}), worst memory {self.memory[0]:.0f} MiB ({self.memory[1][:60]})"


def weigh_all(server: Served, requests: Iterable[str], found: Found, *, until: float, refused: bool = False) -> Found:
    """Ask for one target after the other; what fails, kills or costs more than it may got through.

    Args:
        refused: whether an answer 200 got through as well.
    """
    worst, statuses = Worst(), Counter[int]()
    for target in requests:
        if time.monotonic() > until:
            break
        found.tried += 1
        try:
            answer, cost = server.weigh(target, seconds=SECONDS_MAX)
        except (OSError, ValueError) as error:
            dead = server.revive(wait=1)
            found.through.append(f"{'KILLED THE SERVER' if dead else f'no answer ({error})'}: {target[:140]}")
            if not dead:  # it may still be at it, and would be blamed on the next
                server.stop()
                server.start()
            continue
        statuses[answer.status] += 1
        worst.note(cost, target)
        if wrong := _too_much(answer, cost) or ("believed" if refused and answer.status == 200 else ""):
            found.through.append(f"{wrong}: {target[:140]}")
    shown = ", ".join(f"{status} x {number}" for status, number in sorted(statuses.items()))
    found.figures = f"{shown}; {worst}; killed {server.kills} times"
    return found


def _too_much(answer: Answer, cost: Cost) -> str:
    if answer.status >= 500 and not (answer.status in REFUSED and "retry-after" in answer.headers):
        return f"status {answer.status}"
    if cost.cpu_seconds > CPU_SECONDS_MAX:
        return f"{cost.cpu_seconds:.1f} s of CPU"
    return f"{cost.mebibytes:.0f} MiB" if cost.mebibytes > MEBIBYTES_MAX else ""


def fuzz(server: Served, *, count: int, seed: int, until: float) -> Found:
    """Send searches that a die thought up."""
    return weigh_all(server, fuzzed(count, seed=seed), Found("fuzzed searches", wanted=count), until=until)


def costly(server: Served, *, until: float) -> Found:
    """Send the searches that cost the most, to each place."""
    requests = [f"{place}?q={quoted(text)}" for text in COSTLY for place in (*PLACES, "/report")]
    return weigh_all(server, requests, Found("costly searches", wanted=len(requests)), until=until)


def cursors(server: Served, *, until: float) -> Found:
    """Send cursors that no answer gave; none may be answered with hits but the true one."""
    positions = (999999999, 10**8, 10**6, 2**31, 2**63, 10**9)
    asked = [(place, "newest", THE_CURSOR) for place in PLACES]
    for sort, places in (("newest", PLACES[:2]), ("relevance", PLACES[:2]), ("first_seen", PLACES)):
        first = server.get(f"/api/v1/search?q=street&sort={sort}&limit=1")
        given_out = json.loads(first.text)["next"]
        asked += [(place, sort, cursor_for(given_out, position=one)) for place in places for one in positions]
        asked += [(places[-1], sort, cursor_for(given_out, position=1, key=key)) for key in ("\ud800", "z" * 10_000)]
    asked += [(PLACES[number % 2], "newest", text) for number, text in enumerate(forged_cursors())]
    requests = [f"{place}?q=street&sort={sort}&cursor={quoted(text)}" for place, sort, text in asked]
    found = Found("forged cursors", wanted=len(requests))
    return weigh_all(server, requests, found, until=until, refused=True)


def forms(server: Served, *, until: float) -> Found:
    """Send requests that are hostile by their form, and look at each answer."""
    every = list(tricks())
    found = Found("headers, methods, paths", wanted=len(every))
    for trick in every:
        if time.monotonic() > until:
            break
        found.tried += 1
        answer: Answer | Exception
        try:
            answer = trick.send(server.port)
        except (OSError, ValueError) as error:
            answer = error
        if server.revive():
            found.through.append(f"KILLED THE SERVER: {trick}")
        elif wrong := fault(trick, answer):
            found.through.append(f"{wrong}: {trick}")
    found.figures = f"server at {server.mebibytes():.0f} MiB afterwards"
    return found


def shown(server: Served) -> Found:
    """Open everything that anybody may open, and look for what a stranger must not be told."""
    found = Found("what strangers are told", tried=len(OPEN_PAGES))
    for target in OPEN_PAGES:
        if wrong := leaks(server.get(target)):
            found.through.append(f"{wrong}: {target}")
    for target in OPEN_PAGES:
        got, head = server.get(target), server.get(target, method="HEAD")
        if (head.status, head.body) != (got.status, b""):
            found.through.append(f"HEAD gives {head.status} where GET gives {got.status}: {target}")
    return found


def schema(server: Served, *, count: int, until: float) -> Found:
    """Let schemathesis try so many cases, spread over the operations of the API, against its own description."""
    address = f"http://127.0.0.1:{server.port}/api/v1"
    operations = [each.ok() for each in schemathesis.openapi.from_url(f"{address}/openapi.json").get_all_operations()]
    found = Found("schemathesis", wanted=count)
    statuses = Counter[int]()
    turn = 0
    while operations and found.tried < count and time.monotonic() < until:
        each = -(-(count - found.tried) // len(operations))
        tried = {operation: _try(server, operation, found, statuses, count=each, turn=turn) for operation in operations}
        # An operation without parameters has one case; what it leaves over goes to the others.
        operations = [operation for operation, number in tried.items() if number >= each]
        turn += 1
    found.figures = ", ".join(f"{status} x {number}" for status, number in sorted(statuses.items()))
    return found


def _try(server: Served, operation: Any, found: Found, statuses: Counter[int], *, count: int, turn: int) -> int:
    """Try cases of one operation and return how many there were."""
    tried = 0

    @hypothesis_seed(turn)
    @trying(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy())
    def holds(case: schemathesis.Case) -> None:
        nonlocal tried
        tried += 1
        found.tried += 1
        try:
            response = case.call(timeout=SECONDS_MAX)
            statuses[response.status_code] += 1
            case.validate_response(response, excluded_checks=[positive_data_acceptance])
        except Exception as error:  # whatever it is, it got through, and the next case is tried
            killed = "KILLED THE SERVER, " if server.revive(wait=0.3) else ""
            found.through.append(f"{killed}{type(error).__name__}: {' '.join(str(error).split())[:300]}")

    holds()
    return tried


def slow_clients(server: Served, *, count: int, seconds: float, must_be_dropped: bool = True) -> Found:
    """Hold requests open that never end, and search meanwhile."""
    found = Found("slow clients", tried=count)
    with dripping(server, count=count) as clients:
        waits = [_wait(server, found, seconds=20, allowed=PLAIN_SECONDS_MAX) for _ in range(10)]
        gone = seconds_until_dropped(clients, seconds=seconds)
        found.figures = f"{count} connections; a search waited {max(waits):.2f} s; " + (
            f"all were given up after {gone:.0f} s"
            if gone is not None
            else f"{clients.open()} still open after {seconds:.0f} s"
        )
    if gone is None and must_be_dropped:
        found.through.append(f"{count} requests without an end are held open for more than {seconds:.0f} s")
    return found


def _wait(server: Served, found: Found, *, seconds: float, allowed: float) -> float:
    began = time.monotonic()
    try:
        answer = server.get("/search?q=street", seconds=seconds)
        if answer.status != 200 and "retry-after" not in answer.headers:
            found.through.append(f"a plain search got {answer.status} meanwhile")
    except (OSError, ValueError) as error:
        found.through.append(f"a plain search failed meanwhile: {error}")
    waited = time.monotonic() - began
    if waited > allowed:
        found.through.append(f"a plain search waited {waited:.1f} s meanwhile")
    return waited


def crowd(server: Served, *, count: int = 44) -> Found:
    """Let so many clients send a costly search at once, and search plainly meanwhile: that must be answered, or refused in time."""
    found = Found("costly searches at once", tried=count)
    statuses = Counter[str]()

    def send(number: int) -> None:
        try:
            answer = server.get(f"{PLACES[number % 3]}?q={quoted('a,' * 150)}", seconds=CROWD_SECONDS)
            statuses[str(answer.status)] += 1
        except (OSError, ValueError) as error:
            statuses[type(error).__name__] += 1

    with ThreadPoolExecutor(count) as clients:
        sent = [clients.submit(send, number) for number in range(count)]
        time.sleep(0.2)
        waits = [_wait(server, found, seconds=CROWD_SECONDS, allowed=CROWDED_SECONDS_MAX) for _ in range(3)]
        for each in sent:
            each.result()
    shown = ", ".join(f"{status} x {number}" for status, number in sorted(statuses.items()))
    found.figures = f"{shown}; a plain search waited {max(waits):.1f} s"
    server.revive(wait=0.3)
    return found


def load(servers: Sequence[tuple[str, Served]], *, clients: int, seconds: float, words: Sequence[str]) -> list[Found]:
    """Let many clients ask each server for so many seconds, in two turns, so that both meet the same machine."""
    loads = [Load() for _ in servers]
    for turn in range(2):
        for (_, server), each in zip(servers, loads, strict=True):
            run_round(server, each, clients=clients, seconds=seconds / 2, targets=targets(words, seed=turn))
    founds = []
    for (name, _), each in zip(servers, loads, strict=True):
        found = Found(f"{clients} clients, {name}", tried=len(each.answered) + each.refused, figures=str(each))
        found.through += [f"{number} x {kind}" for kind, number in each.errors.items()]
        found.through += ["the server died"] * each.kills
        founds.append(found)
    return founds


def folder(checkout: Path, *, kinds: Sequence[str], seconds: float, only: Sequence[str] = (), good: int = 20) -> Found:
    """Add a folder of hostile files with good ones between them."""
    with tempfile.TemporaryDirectory(prefix="pushcart-attack-") as scratch:
        laid = folders.lay(Path(scratch, "in"), kinds=kinds, good=good, only=only)
        added = folders.add(laid, checkout=checkout, data_dir=Path(scratch, "kept"), seconds=seconds)
    found = Found(f"folder: {' '.join(kinds)}", tried=len(laid.hostile))
    found.figures = (
        f"{added.good_found} of {laid.good} good ones found, {len(laid.hostile) - len(added.without_outcome)} of "
        f"{len(laid.hostile)} with an outcome, {added.seconds:.0f} s, {added.mebibytes:.0f} MiB, exit code {added.exit_code}"
    )
    if added.exit_code is None:
        found.through.append(f"did not end within {seconds:.0f} s")
    if "Traceback (most recent call last)" in added.said:
        found.through.append(f"a traceback: {added.said.strip().splitlines()[-1][:200]}")
    if added.good_found < laid.good:
        found.through.append(
            f"{laid.good - added.good_found} good files are not found; it said: {added.said.strip()[-300:]!r}"
        )
    if added.links_followed:
        found.through.append("a file outside the folder was added through a link")
    if added.waiting:
        found.through.append(f"{added.waiting} documents still wait, and would be tried for ever")
    found.through += [f"nothing is said of {tag}" for tag in added.without_outcome]
    return found
