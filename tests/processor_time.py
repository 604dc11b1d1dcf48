"""Where the seconds are: processor time by file of tests, kept in tests/seconds.tsv, by which long files start first.

Wall time says little on a machine that does other things too. Counted is what a test's process used, and every process that
it started and waited for; what an Elasticsearch or PostgreSQL that many tests share uses is counted at the test that ends it.

    pytest --seconds        prints the ten folders and the twenty files that use most
    pytest --keep-seconds   writes tests/seconds.tsv anew as well, for the files that were run
    pytest --quick          leaves out files whose tests take long on average: what `make check` runs
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import pytest

from corpus import process_start

SECONDS = Path(__file__).with_name("seconds.tsv")
QUICK_SECONDS_MAX = 0.05
"""Processor seconds of a test, on average over its file, with which `--quick` still runs the file."""
QUICK_FILE_SECONDS_MAX = 1.5
"""Processor seconds of a whole file with which `--quick` still runs it: chosen so that `make check` keeps to its 90 s."""
_FOLDERS_SHOWN, _FILES_SHOWN = 10, 20
_ELSEWHERE = "starting, importing and collecting"


def used_seconds() -> float:
    """Return the processor seconds of this process, of the ended ones that it started, and of those that it keeps to fork from."""
    times = os.times()
    kept = sum(_seconds_of(server.process_id) for _owner, server in process_start.kept.values())
    return times.user + times.system + times.children_user + times.children_system + kept


def _seconds_of(pid: int) -> float:
    """Return the processor seconds of a living process and of the ended ones that it started; 0.0: it has ended, or no Linux."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def known_seconds(path: Path = SECONDS) -> dict[str, tuple[float, int]]:
    """Return by file of tests the processor seconds that it took when that was last kept, and how many tests it had then."""
    if not path.is_file():
        return {}
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:])
    return {file: (float(seconds), int(tests)) for file, seconds, tests in rows}


def is_quick(file: str, known: Mapping[str, tuple[float, int]]) -> bool:
    """Tell whether a file and, on average, its tests take little time; a file that was never measured is taken for one."""
    seconds, tests = known.get(file, (0.0, 1))
    return seconds <= min(QUICK_FILE_SECONDS_MAX, QUICK_SECONDS_MAX * max(tests, 1))


class ProcessorTime:
    """Measures every test, here or in the processes of pytest-xdist, and sums up at the end."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._is_worker = hasattr(config, "workerinput")
        self._last = 0.0
        self._total = 0.0
        self._seconds: Counter[str] = Counter()
        self._tests: Counter[str] = Counter()
        self._known = known_seconds()

    def pytest_ignore_collect(self, collection_path: Path, config: pytest.Config) -> bool | None:
        """Leave out what is not quick before it is imported, which costs each process as much as the quick tests."""
        if not config.getoption("--quick") or collection_path.suffix != ".py":
            return None
        file = collection_path.relative_to(config.rootpath).as_posix()
        return None if is_quick(file, self._known) else True

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Let long files come first: the last ones to start are then short, and no process waits long for another."""
        items.sort(key=lambda item: -self._known.get(_file_of(item.nodeid), (0.0, 0))[0])

    def pytest_runtest_logstart(self) -> None:
        self._last = used_seconds()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        now = used_seconds()
        report.processor_seconds = now - self._last  # type: ignore[attr-defined]
        self._last = now
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not self._is_worker:
            file = _file_of(report.nodeid)
            self._seconds[file] += getattr(report, "processor_seconds", 0.0)
            self._tests[file] += report.when == "call"

    def pytest_sessionfinish(self) -> None:
        if self._is_worker:
            self._config.workeroutput["processor_seconds"] = used_seconds()  # type: ignore[attr-defined]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self._total += getattr(node, "workeroutput", {}).get("processor_seconds", 0.0)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._is_worker or not self._config.getoption("--seconds"):
            return
        folders: Counter[str] = Counter()
        for file, seconds in self._seconds.items():
            folders[str(Path(file).parent)] += seconds
        folders[_ELSEWHERE] = max(0.0, (self._total or used_seconds()) - self._seconds.total())
        terminalreporter.section("Processor seconds")
        for name, seconds in (
            *folders.most_common(_FOLDERS_SHOWN),
            ("", 0.0),
            *self._seconds.most_common(_FILES_SHOWN),
        ):
            tests = f"{self._tests[name]:6d} tests  " if name in self._tests else " " * 14
            terminalreporter.line(f"{seconds:8.1f} s  {tests}{name}" if name else "")
        terminalreporter.line(f"{folders.total():8.1f} s  in all")
        if self._config.getoption("--keep-seconds"):
            _keep({file: (seconds, self._tests[file]) for file, seconds in self._seconds.items()})


def _keep(measured: Mapping[str, tuple[float, int]]) -> None:
    """Write what was measured, in place of what was known of the same files; files that are gone are left out."""
    root = SECONDS.parents[1]
    kept = {file: each for file, each in (known_seconds() | dict(measured)).items() if (root / file).is_file()}
    rows = [f"{file}\t{seconds:.1f}\t{tests}\n" for file, (seconds, tests) in sorted(kept.items())]
    SECONDS.write_text("file\tprocessor seconds\ttests\n" + "".join(rows), encoding="utf-8")


def _file_of(nodeid: str) -> str:
    return nodeid.split("::", 1)[0]
