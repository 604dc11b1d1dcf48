"""Whether records and index answer now: asked for a bounded time, however long they hang."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future

import structlog

from search_api.api.problems import Problem
from search_api.api.state import AppState
from search_api.fitness import fitness_of
from search_api.query.parameters import SearchQuery
from search_api.query.tree import Everything

READY_SECONDS_MAX = 6.0
"""Longest wait of a check; a little more than an engine waits for a small answer. Probes of operators wait 10 s and more."""
_PARTS = {"records": "The database does not answer", "index": "The search index does not answer"}

_log = structlog.get_logger(__name__)


class Readiness:
    """Asks the parts that the site is on."""

    def __init__(self, state: AppState, *, seconds_max: float = READY_SECONDS_MAX) -> None:
        self._seconds_max = seconds_max
        self._askings: Mapping[str, _Asking] = {
            "records": _Asking(state.store.changes.last_sequence),
            "index": _Asking(lambda: self._ask_the_index(state)),
        }
        self.misfit = ""
        """Why the index that answers is to be rebuilt, in words, at the last check; empty: it is up to date."""

    async def faults(self) -> dict[str, str]:
        """Return what is wrong, by part; empty: all is well. Takes no longer than `seconds_max`."""
        names = list(self._askings)
        found = await asyncio.gather(*(self._fault(name) for name in names))
        return {name: fault for name, fault in zip(names, found, strict=True) if fault}

    async def _fault(self, name: str) -> str:
        try:
            # Shielded: who waits too long goes away, the asking continues, and the next one waits for the same.
            asked = asyncio.shield(asyncio.wrap_future(self._askings[name].begun()))
            await asyncio.wait_for(asked, self._seconds_max)
        except TimeoutError:
            return f"no answer in {self._seconds_max:g} seconds"
        except Exception as error:  # whatever it is: a part that cannot be asked is not ready, and the log says why
            return str(error) or type(error).__name__
        return ""

    def _ask_the_index(self, state: AppState) -> None:
        state.engine.search(SearchQuery(limit=1), tree=Everything(), counted=False)
        self.misfit = fitness_of(state.engine, state.store).words


class _Asking:
    """Asks in a thread of its own, one at a time: what hangs takes no thread from those who answer requests."""

    def __init__(self, ask: Callable[[], object]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._under_way: Future[None] | None = None

    def begun(self) -> Future[None]:
        """Return the answer to come; of the asking that is under way, or of a new one."""
        with self._lock:
            if self._under_way is None or self._under_way.done():
                self._under_way = Future()
                threading.Thread(target=self._run, args=(self._under_way,), daemon=True).start()
            return self._under_way

    def _run(self, answer: Future[None]) -> None:
        try:
            self._ask()
        except Exception as error:  # raised for the waiting request
            answer.set_exception(error)
        else:
            answer.set_result(None)


def not_ready(faults: Mapping[str, str]) -> Problem:
    """Return what is answered when a part is away; the reasons, which name machines and settings, go to the log."""
    for part, fault in faults.items():
        _log.warning("not_ready", part=part, reason=fault)
    return Problem(
        type="urn:pushcart:problem:not-ready",
        title="Not ready",
        status=503,
        detail=". ".join(_PARTS[part] for part in faults) + ".",
        next="The log and `pushcart status` say why.",
        parts=sorted(faults),
    )
