"""What tells a container engine whether a container does its work, and the loop that it asks about."""

from __future__ import annotations

import os
import runpy
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.house.house import ROOT

SCRIPT = ROOT / "containers/healthy.py"
LOOP = ROOT / "containers/harvest-forever.sh"
NOW = 1_800_000_000.0
fault_of_harvester = runpy.run_path(str(SCRIPT))["fault_of_harvester"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("harvesting 1700000000 0", ""),  # a harvest may take long, and ends by itself
        ("waiting 1799999000 0", ""),
        ("waiting 1799996390 1", ""),  # a source is broken, which is no fault of the loop
        ("waiting 1799996000 0", "the next harvest has not begun"),
        ("waiting 1799999990 137", "the last harvest ended with 137"),
        ("harvesting 1799999990 2", "the last harvest ended with 2"),
    ],
)
def test_a_harvester_is_well_while_its_rounds_go_on_and_do_not_crash(tmp_path: Path, line: str, fault: str) -> None:
    (tmp_path / "round").write_text(line + "\n")
    assert fault_of_harvester(now=NOW, every=3600.0, round_=tmp_path / "round") == fault


@pytest.mark.parametrize("part", ["pages", "alerts", "nothing"])
def test_a_part_that_does_not_answer_is_said_without_a_traceback(part: str) -> None:
    ended = subprocess.run([sys.executable, "-IS", SCRIPT, part], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert len(ended.stdout.splitlines()) == 1
    assert ended.stderr == ""


def test_the_worker_of_alerts_tells_in_its_metrics_when_it_looked() -> None:
    import prometheus_client

    from alerts.sending.metrics import LOOKED_AT

    LOOKED_AT.set_to_current_time()
    pattern = runpy.run_path(str(SCRIPT))["LOOKED"]
    found = pattern.search(prometheus_client.generate_latest())
    assert float(found[1]) == pytest.approx(time.time(), abs=60)


def test_the_loop_tells_how_a_round_ended_waits_for_the_next_and_stops_at_once(tmp_path: Path) -> None:
    (tmp_path / "pushcart").write_text("#!/bin/sh\nexit 3\n")
    (tmp_path / "pushcart").chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "ROUND": str(tmp_path / "round")}
    with subprocess.Popen(["sh", LOOP], env=environment, stderr=subprocess.PIPE, text=True) as loop:
        until = time.monotonic() + 20
        while not (tmp_path / "round").exists() or "waiting" not in (tmp_path / "round").read_text():
            assert time.monotonic() < until
            time.sleep(0.02)
        doing, _, ended = (tmp_path / "round").read_text().split()
        assert (doing, ended) == ("waiting", "3")
        loop.send_signal(signal.SIGTERM)
        try:
            assert loop.wait(timeout=10) == 0
        finally:
            loop.kill()
        assert loop.stderr is not None
        assert "ended with 3" in loop.stderr.read()
