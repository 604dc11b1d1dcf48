"""What every test may use."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.settings import Settings
from tests.browser import opened_chromium
from tests.new_databases import new_sqlite_databases_copied
from tests.processor_time import ProcessorTime

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("seconds", "where the seconds are (tests/processor_time.py)")
    group.addoption("--seconds", action="store_true", help="print the processor seconds by folder and file at the end")
    group.addoption("--keep-seconds", action="store_true", help="write tests/seconds.tsv anew; with --seconds")
    group.addoption(
        "--quick", action="store_true", help="leave out files whose tests take long, as tests/seconds.tsv has it"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Measure, and let commands that tests start hear Ctrl-C: a runner started in the background hands down that it is ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.pluginmanager.register(ProcessorTime(config), "processor-time")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end, so that nobody misses it, when one of the two engines was not tried."""
    reasons = {
        report.longrepr[2] for report in terminalreporter.stats.get("skipped", ()) if isinstance(report.longrepr, tuple)
    }
    for reason in sorted(reasons):
        if "Elasticsearch is NOT tried" in reason:
            terminalreporter.section("One of the two engines was not tried", sep="!", red=True, bold=True)
            terminalreporter.line(reason.removeprefix("Skipped: "))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real documents and gold labels beside the checkout; skip where it is not."""
    if not _SHARED.is_dir():
        pytest.skip("needs the shared data beside the checkout (../shared/data), which is not here")
    return _SHARED


@pytest.fixture(scope="session", autouse=True)
def _databases_are_copied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with new_sqlite_databases_copied(tmp_path_factory.mktemp("pattern")):
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings whose data folder is the test's own."""
    return Settings(data_dir=tmp_path / "data", workers=2)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Return a browser, the only one that is open; closed with its module, so that the next one may open its own."""
    with opened_chromium() as browser:
        yield browser
