"""`pushcart doctor`: whether Pushcart can work here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from corpus.errors import BadSettings
from corpus.settings import read_settings
from pushcart.commands.alerts_shown import print_checks
from pushcart.commands.documents import JsonOption


def register(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command("doctor")(doctor)


def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Do not connect to the mail server.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check settings, folders, database, index, clock, mail and tagger, and say what to do; exit code 1 if something fails.

    Nothing is changed. `pushcart alerts doctor` checks alerts further.
    """
    from alerts.checking.doctor import Check, Health
    from pushcart.doctor import diagnose

    try:
        settings = read_settings()
    except BadSettings as error:
        checks = [Check("settings", Health.FAILED, str(error))]
    else:
        checks = list(diagnose(settings, now=datetime.now(UTC), offline=offline))
    print_checks(checks, as_json=as_json)
    if any(each.health is Health.FAILED for each in checks):
        raise typer.Exit(1)
