"""An audit says that packages are clean only when a database has looked up every one of them."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from tests.attack.audit import KNOWN_BAD, NOT_AUDITED, AuditError, pins, report

OURS = {"jinja2": "3.1.6", "lxml": "6.1.0"}


def answering(faults: Mapping[str, list[str]], *, unknown: tuple[str, ...] = (), knows_the_bad: bool = True):
    """Return a database with these faults, which does or does not know the release that is bad."""

    def ask(_service: str, versions: Mapping[str, str]) -> str:
        rows = []
        for name, version in versions.items():
            found = ["CVE-2016-10745"] if (name, version) == KNOWN_BAD and knows_the_bad else faults.get(name, [])
            if name in unknown:
                rows.append({"name": name, "skip_reason": "Dependency not found and could not be audited"})
            else:
                rows.append({"name": name, "version": version, "vulns": [{"id": each} for each in found]})
        return json.dumps({"dependencies": rows})

    return ask


def silent(_service: str, _versions: Mapping[str, str]) -> str:
    """Do not answer."""
    raise AuditError("Name or service not known")


def test_a_database_that_knows_every_package_and_names_none_is_believed(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(OURS, ask=answering({})) == 0
    assert "2 packages were looked up" in capsys.readouterr().out


def test_a_known_fault_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(OURS, ask=answering({"lxml": ["CVE-1"]})) == 1
    assert "lxml 6.1.0: CVE-1" in capsys.readouterr().out


@pytest.mark.parametrize(
    "ask",
    [silent, answering({}, knows_the_bad=False), lambda *_: "<html>", lambda *_: "[]"],
    ids=["away", "mirror", "html", "list"],
)
def test_where_no_database_answers_nothing_is_called_clean(ask, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(OURS, ask=ask) == NOT_AUDITED
    said = capsys.readouterr().out
    assert "not audited: 2 packages" in said
    assert "none has a known fault" not in said


def test_a_package_that_the_database_does_not_know_is_not_called_clean(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(OURS, ask=answering({}, unknown=("lxml",))) == NOT_AUDITED
    assert "not audited: 1 of 2 packages" in capsys.readouterr().out


def test_pins_are_read_from_lock_files() -> None:
    text = 'jinja2==3.1.6 \\\n    --hash=sha256:ab\nlxml==6.1.0 ; python_version >= "3.11" \\\n    --hash=sha256:cd\n    # via x\n'
    assert pins([text]) == OURS
