"""deploy/systemd: units that systemd accepts, with little left open to whoever breaks in."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from corpus.settings import Settings, read_settings
from pushcart.cli import app
from pushcart.commands.serving import STOP_SECONDS
from tests.house.house import ROOT

FOLDER = ROOT / "deploy" / "systemd"
SERVICES = ("pushcart-pages.service", "pushcart-harvest.service", "pushcart-alerts.service")
EXPOSURE_MAX = 1.2
"""Of 10; what remains is that they use the network."""


def analyze(*arguments: str | Path) -> str:
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip(
            "SKIPPED: there is no systemd-analyze here, so the units are not checked; Debian's package `systemd` has it"
        )
    ended = subprocess.run([found, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


def read(name: str) -> configparser.RawConfigParser:
    unit = configparser.RawConfigParser(strict=False)  # a name may stand twice in a unit
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(FOLDER / name, encoding="utf-8")
    return unit


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """Return a folder with the units, whose command is one that exists here."""
    shutil.copytree(FOLDER, tmp_path / "units")
    for each in (tmp_path / "units").glob("*.service"):
        text = each.read_text(encoding="utf-8")
        each.write_text(text.replace("/opt/pushcart/bin/pushcart", sys.executable), encoding="utf-8")
    return tmp_path / "units"


def test_systemd_accepts_the_units(units: Path) -> None:
    assert (
        analyze("verify", *sorted(units.glob("pushcart-*.service")), *units.glob("*.timer"), *units.glob("*.socket"))
        == ""
    )


@pytest.mark.parametrize("name", SERVICES)
def test_little_is_left_open(units: Path, name: str) -> None:
    told = analyze("security", "--offline=yes", "--no-pager", units / name)
    (exposure,) = re.findall(r"Overall exposure level for \S+: ([0-9.]+)", told)
    assert float(exposure) <= EXPOSURE_MAX


def test_every_command_of_a_unit_exists() -> None:
    assert sorted(each.name for each in FOLDER.glob("*.service")) == sorted(SERVICES)
    for name in SERVICES:
        _, *words = shlex.split(read(name)["Service"]["ExecStart"])
        command = get_command(app)
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]
        options = {option for parameter in command.params for option in parameter.opts}
        assert {each for each in words if each.startswith("--")} <= options
        assert not getattr(command, "commands", {})


def test_a_service_is_given_more_time_to_stop_than_it_takes() -> None:
    assert int(read("pushcart-pages.service")["Service"]["TimeoutStopSec"]) > STOP_SECONDS
    assert int(read("pushcart-harvest.service")["Service"]["TimeoutStopSec"]) > Settings().harvest_grace_seconds * 2


def test_the_settings_of_the_example_are_accepted() -> None:
    lines = (FOLDER / "pushcart.env").read_text(encoding="utf-8").splitlines()
    given = dict(line.lstrip("#").split("=", 1) for line in lines if re.match(r"#?PUSHCART_", line))
    assert len(given) > 5
    assert read_settings(given).metrics_address
