"""Whether records and index answer now: asked for a bounded time, however long they hang."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from corpus.store.opening import NEWEST_MIGRATION
from search_api.api.problems import Problem
from search_api.api.state import AppState
from search_api.asking import Asking
from search_api.fitness import fitness_of
from search_api.query.parameters import SearchQuery
from search_api.query.tree import Everything

READY_SECONDS_MAX = 6.0
"""Longest wait of a check; a little more than an engine waits for a small answer. Probes of operators wait 10 s and more."""
_PARTS = {
    "records": "The database does not answer",
    "schema": "The database was migrated for another version of Pushcart",
    "index": "The search index does not answer",
}

_log = structlog.get_logger(__name__)


class Readiness:
    """Asks the parts that the site is on."""

    def __init__(self, state: AppState, *, seconds_max: float = READY_SECONDS_MAX) -> None:
        self._seconds_max = seconds_max
        self._askings: Mapping[str, Asking[None]] = {
            "records": Asking(lambda: _ask_the_records(state)),
            "index": Asking(lambda: self._ask_the_index(state)),
        }
        self.misfit = ""
        """Why the index that answers is to be rebuilt, in words, at the last check; empty: it is up to date."""

    async def faults(self) -> dict[str, str]:
        """Return what is wrong, by part; empty: all is well. Takes no longer than `seconds_max`."""
        found = await asyncio.gather(*map(self._fault, self._askings))
        return {part: fault for part, fault in found if fault}

    async def _fault(self, name: str) -> tuple[str, str]:
        """Return the part that is not ready, and why; empty text: it is ready."""
        try:
            # Shielded: who waits too long goes away, the asking continues, and the next one waits for the same.
            asked = asyncio.shield(asyncio.wrap_future(self._askings[name].begun()))
            await asyncio.wait_for(asked, self._seconds_max)
        except TimeoutError:
            return name, f"no answer in {self._seconds_max:g} seconds"
        except _OtherSchema as error:
            return "schema", str(error)
        except Exception as error:  # whatever it is: a part that cannot be asked is not ready, and the log says why
            return name, str(error) or type(error).__name__
        return name, ""

    def _ask_the_index(self, state: AppState) -> None:
        state.engine.search(SearchQuery(limit=1), tree=Everything(), counted=False)
        self.misfit = fitness_of(state.engine, state.store).words


class _OtherSchema(Exception):
    """The tables are of another version than this code."""


def _ask_the_records(state: AppState) -> None:
    state.store.changes.last_sequence()
    if (found := state.store.schema_version()) != NEWEST_MIGRATION:
        raise _OtherSchema(f"version {found} is not {NEWEST_MIGRATION}: restart with the Pushcart that migrated it")


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
