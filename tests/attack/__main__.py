"""Attack Pushcart on this machine: `make attack`, or `.venv/bin/python -m tests.attack --help`.

Everything happens over loopback, against servers and folders that are made for it and taken away again. The exit code is
0 when nothing got through, 1 when something did; what got through is listed below the table.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.synthetic import invent_words
from tests.attack import parts
from tests.attack.folder import KINDS
from tests.attack.parts import Found
from tests.attack.served import ROOT, served

PARTS = ("forms", "shown", "cursors", "costly", "crowd", "slow", "fuzz", "schema", "load", "folder")
LISTED_MAX = 40
"""Lines of what got through that are shown for one part."""
FEW, MANY = 30, 200
"""Slow clients in a short and in a long run."""


def read_options(words: list[str]) -> argparse.Namespace:
    """Return the options that were typed."""
    parser = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("parts", nargs="*", metavar="PART", help=f"only these: {', '.join(PARTS)}; all of them if none is named")
    add(
        "--minutes",
        type=float,
        default=10,
        help="about how long all of it may take; less time tries less (default: 10)",
    )
    add(
        "--checkout", type=Path, default=ROOT, help="the checkout that is attacked (default: this one); needs its .venv"
    )
    add(
        "--beside",
        type=Path,
        help="another checkout, such as the version before: it gets the same load in the same run",
    )
    add("--searches", type=int, default=5000, help="fuzzed searches (default: 5000)")
    add("--cases", type=int, default=1400, help="cases of schemathesis (default: 1400)")
    add("--clients", type=int, default=200, help="clients at once (default: 200)")
    add("--seconds", type=float, default=60, help="for how long they ask each server, with 10 minutes (default: 60)")
    add("--documents", type=int, default=500, help="invented documents that they search (default: 500)")
    add(
        "--kinds",
        nargs="*",
        default=list(KINDS),
        choices=KINDS,
        help="what the hostile folder holds (default: everything)",
    )
    add("--seed", type=int, default=1, help="of the die (default: 1)")
    options = parser.parse_args(words)
    options.checkout = options.checkout.resolve()
    options.beside = options.beside and options.beside.resolve()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    options.parts = options.parts or list(PARTS)
    return options


class Attack:
    """One run: what is tried, in which order, and for how long."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._share = options.minutes * 60 / 10
        """Seconds: a tenth of the time."""

    def run(self) -> Iterator[Found]:
        """Yield what each part found, when it is done."""
        chosen = self._options.parts
        for name, tenths, run in self._on_a_server():
            if name in chosen:
                # What a search costs grows with the words that there are: many are in the invented documents.
                documents = self._options.documents if name in ("costly", "crowd") else 0
                with self._server(documents=documents) as server:
                    yield run(server, time.monotonic() + tenths * self._share)
        if "load" in chosen:
            yield from self._load()
        if "folder" in chosen:
            seconds = max(60.0, 4 * self._share)
            yield parts.folder(self._options.checkout, kinds=self._options.kinds, seconds=seconds)

    def _on_a_server(self) -> list[tuple[str, float, Callable[[parts.Served, float], Found]]]:
        typed = self._options
        enough = self._share >= 60
        clients, drop = (MANY, parts.DROPPED_SECONDS_MAX) if enough else (FEW, 30.0)
        return [
            ("forms", 0.5, lambda server, until: parts.forms(server, until=until)),
            ("shown", 0.5, lambda server, until: parts.shown(server)),
            ("cursors", 0.5, lambda server, until: parts.cursors(server, until=until)),
            ("costly", 1.0, lambda server, until: parts.costly(server, until=until)),
            ("crowd", 1.0, lambda server, until: parts.crowd(server)),
            ("slow", 1.5, lambda server, until: parts.slow_clients(server, count=clients, seconds=drop)),
            ("fuzz", 2.0, lambda server, until: parts.fuzz(server, count=typed.searches, seed=typed.seed, until=until)),
            ("schema", 1.0, lambda server, until: parts.schema(server, count=typed.cases, until=until)),
        ]

    def _load(self) -> list[Found]:
        typed = self._options
        seconds = min(typed.seconds, typed.seconds * self._share / 60)
        words = invent_words()["en"].words
        asked = [*words[:40:2], *words[200:2000:60]]
        with ExitStack() as stack:
            servers = []
            for name, checkout in (("this", typed.checkout), ("beside", typed.beside)):
                if checkout:
                    scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pushcart-attack-")))
                    servers.append((name, stack.enter_context(served(checkout, scratch, documents=typed.documents))))
            return parts.load(servers, clients=typed.clients, seconds=seconds, words=asked)

    @contextmanager
    def _server(self, *, documents: int) -> Iterator[parts.Served]:
        with ExitStack() as stack:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pushcart-attack-")))
            yield stack.enter_context(served(self._options.checkout, scratch, documents=documents))


def main(words: list[str]) -> int:
    """Run the parts, print a table, and return the exit code."""
    options = read_options(words)
    through = ran = 0
    print(f"Attacking {options.checkout} over loopback, in about {options.minutes:g} minutes\n")
    print(f"{'part':34} {'tried':>14} {'through':>8} {'seconds':>8}")
    began = time.monotonic()
    for found in Attack(options).run():
        ran += 1
        tried = f"{found.tried} of {found.wanted}" if found.wanted > found.tried else str(found.tried)
        # The version beside is there to be compared with; what gets through it is not this one's.
        counts = not found.part.endswith(", beside")
        through += len(found.through) if counts else 0
        print(
            f"{found.part:34} {tried:>14} {len(found.through):>8} {time.monotonic() - began:>8.0f}   {found.figures}",
            flush=True,
        )
        for line in found.through[:LISTED_MAX]:
            print(f"    {'THROUGH' if counts else 'beside'}  {line}", flush=True)
        if len(found.through) > LISTED_MAX:
            print(f"    and {len(found.through) - LISTED_MAX} more")
        began = time.monotonic()
    if ran < len(options.parts):
        print(f"\nOnly {ran} of {len(options.parts)} parts ran.")
        return 1
    print(f"\n{'Nothing got through.' if not through else f'{through} got through.'}")
    return 1 if through else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
