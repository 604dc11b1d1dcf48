"""Ask an advisory database which pinned packages have known faults, and never call clean what nobody looked up.

Run: `make audit`, or .venv/bin/python -m tests.attack.audit [LOCK FILE...]

pip-audit ends with 0 and "No known vulnerabilities found" also where the database knows none of the packages, as a mirror
of a package index does. So a release with well-known faults is sent along: when the database does not name it, or does not
know some package, nothing is said to be clean.

Exit codes: 0 every package was looked up and none is named; 1 some are named; 3 not audited, or not wholly.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LOCKS = ("requirements.lock", "requirements-server.lock")
"""What runs; the tools of the developers are left out."""
SERVICES = ("osv", "pypi")
"""The databases that pip-audit can ask, the one that answers without a package index first."""
KNOWN_BAD = ("jinja2", "2.4.1")
"""A release of 2010 with advisories that nobody will withdraw."""
SECONDS = 180
NOT_AUDITED = 3
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)

Ask = Callable[[str, Mapping[str, str]], str]
"""Asks a service about versions by name and returns pip-audit's JSON. Raises AuditError."""


class AuditError(Exception):
    """The database was not asked, or did not answer."""


@dataclass(frozen=True, slots=True)
class Audited:
    """What one database said."""

    looked_up: int
    bad: tuple[str, ...]
    """`name version: advisories`."""
    unknown: tuple[str, ...]
    """Packages that it could not look up, with its reason."""


def pins(texts: Sequence[str]) -> dict[str, str]:
    """Return the versions that lock files pin, by name."""
    return {name.lower(): version for text in texts for name, version in _PIN.findall(text)}


def ask_pip_audit(service: str, versions: Mapping[str, str]) -> str:
    """Run pip-audit. Raises AuditError: it is not installed, was too slow, or ended in an error."""
    with tempfile.TemporaryDirectory() as scratch:
        listed = Path(scratch, "pins.txt")
        listed.write_text("".join(f"{name}=={version}\n" for name, version in versions.items()))
        command = [sys.executable, "-m", "pip_audit", "--requirement", str(listed), "--no-deps", "--disable-pip",
                   "--vulnerability-service", service, "--format", "json", "--progress-spinner", "off"]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise AuditError(f"no answer within {SECONDS} s") from error
    if not done.stdout.strip():
        raise AuditError(" ".join(done.stderr.split())[-200:] or f"pip-audit ended with {done.returncode}")
    return done.stdout


def audit(service: str, versions: Mapping[str, str], *, ask: Ask = ask_pip_audit) -> Audited:
    """Look the versions up in one database.

    Raises AuditError: it does not answer, or does not name a release that is known to be bad.
    """
    control = _read(ask(service, dict([KNOWN_BAD])))
    if not control.bad:
        why = f": {control.unknown[0]}" if control.unknown else ""
        raise AuditError(f"it names no fault of {' '.join(KNOWN_BAD)}, which has some{why}")
    return _read(ask(service, versions))


def _read(answer: str) -> Audited:
    try:
        rows = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError) as error:
        raise AuditError(f"its answer cannot be read: {answer[:80]!r}") from error
    looked_up = [row for row in rows if "vulns" in row]
    bad = [
        f"{row['name']} {row['version']}: {', '.join(each['id'] for each in row['vulns'])}"
        for row in looked_up
        if row["vulns"]
    ]
    unknown = [f"{row['name']}: {row.get('skip_reason', 'no answer')}" for row in rows if "vulns" not in row]
    return Audited(len(looked_up), tuple(bad), tuple(unknown))


def report(versions: Mapping[str, str], *, ask: Ask = ask_pip_audit) -> int:
    """Ask one database after the other until one answers, print what it said, and return the exit code."""
    for service in SERVICES:
        try:
            audited = audit(service, versions, ask=ask)
        except AuditError as error:
            print(f"{service}: {error}")
            continue
        for line in audited.bad:
            print(f"KNOWN FAULT  {line}")
        missing = len(versions) - audited.looked_up
        if missing:
            print(f"!! not audited: {missing} of {len(versions)} packages, {'; '.join(audited.unknown)[:300]}")
        if audited.bad:
            return 1
        if not missing:
            print(f"{audited.looked_up} packages were looked up in {service}; none has a known fault.")
        return NOT_AUDITED if missing else 0
    print(
        f"!! not audited: {len(versions)} packages. No advisory database answers here; nothing is known about their faults."
    )
    return NOT_AUDITED


if __name__ == "__main__":
    files = sys.argv[1:] or LOCKS
    sys.exit(report(pins([Path(each).read_text(encoding="utf-8") for each in files])))
