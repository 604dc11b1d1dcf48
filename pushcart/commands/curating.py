"""`pushcart people` and `pushcart audit`: who may change what everyone reads, and who changed what."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape

from corpus.audit import Actor, AuditChannel, LoggedEntry
from corpus.messages import gettext
from corpus.people import KeptPerson, KeptToken
from corpus.settings import read_settings
from curation.messages import CHANNELS, action_in_words, details_in_words
from curation.people import OVERLAP_HOURS_DEFAULT, add_person, checked_name, remove_person, rotate_token
from curation.tokens import PREFIX, PersonToken
from pushcart.commands.documents import JsonOption
from pushcart.console import note, out, print_json
from pushcart.data_folder import begin_records, open_records

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the person, as shown in the audit log.")]
Expires = Annotated[float | None, typer.Option(metavar="DAYS", help="Number of days after which the token expires.")]


def register(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    group = typer.Typer(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})
    group.command("add")(add)
    group.command("list")(list_)
    group.command("rotate")(rotate)
    group.command("remove")(remove)
    app.add_typer(group, name="people", help="People who may change records, and their tokens.")
    app.command("audit")(audit)


def operator(name: str = "") -> Actor:
    """Return who is behind this command: the person named, else the account on this machine. Raises BadInput: no name."""
    if name:
        return Actor(checked_name(name), AuditChannel.COMMAND)
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name, as in some containers
        name = gettext("someone on this machine")
    return Actor(name, AuditChannel.COMMAND)


def add(name: Name, expires: Expires = None) -> None:
    """Add a person and print their token. It is shown only once: only its hash is stored.

    The token is for signing in on the pages (/sign-in) and for the API (Authorization: Bearer TOKEN).
    """
    with begin_records(read_settings()) as store:
        token = add_person(name, store=store, by=operator(), expires_days=expires)
    _print_token(token, name=name)


def rotate(
    name: Name,
    overlap: Annotated[
        float,
        typer.Option(metavar="HOURS", help="Hours for which the old token stays valid beside the new one; 0: none."),
    ] = OVERLAP_HOURS_DEFAULT,
    expires: Expires = None,
) -> None:
    """Create a new token for a person and print it. The old one stays valid for a day, or as long as --overlap says."""
    with open_records(read_settings()) as store:
        token = rotate_token(name, store=store, by=operator(), overlap_hours=overlap, expires_days=expires)
    _print_token(token, name=name)
    if overlap:
        note(gettext("The old token stays valid for {hours} hours.", hours=f"{overlap:g}"))
    else:
        note(gettext("The old token is no longer valid, and its sessions are signed out."))


def _print_token(token: PersonToken, *, name: str) -> None:
    note(gettext("Token of {name}. Keep it secret; it cannot be shown again.", name=name))
    out.print(token.text)


def remove(name: Name) -> None:
    """Remove a person and their tokens. Their changes and the audit log stay."""
    with open_records(read_settings()) as store:
        gone = remove_person(name, store=store, by=operator())
    out.print(escape(gettext("Removed {name}; their tokens are no longer valid.", name=gone.name)))


def list_(as_json: JsonOption = False) -> None:
    """List people with the public part of their tokens, and when each was created, last used and expires."""
    with open_records(read_settings()) as store:
        everybody = store.people.all()
    if as_json:
        print_json([_person_body(each) for each in everybody])
        return
    if not everybody:
        out.print(gettext("There are no people yet. `pushcart people add NAME` adds one."))
    now = datetime.now(UTC)
    for each in everybody:
        out.print(f"[bold]{escape(each.person.name)}[/]")
        for token in each.tokens:
            out.print(f"   {PREFIX}{token.key}…  {escape(_token_in_words(token, now=now))}")


def _token_in_words(token: KeptToken, *, now: datetime) -> str:
    used = (
        gettext("last used {moment} UTC", moment=f"{token.last_used:%Y-%m-%d %H:%M}")
        if token.last_used
        else gettext("never used")
    )
    words = [gettext("created {day}", day=f"{token.made:%Y-%m-%d}"), used]
    if token.ends is not None:
        moment = f"{token.ends:%Y-%m-%d %H:%M}"
        words.append(
            gettext("expires {moment} UTC", moment=moment)
            if token.counts_at(now)
            else gettext("expired {moment} UTC", moment=moment)
        )
    return ", ".join(words)


def _person_body(kept: KeptPerson) -> dict[str, object]:
    tokens = [
        {"key": each.key, "made": _iso(each.made), "ends": _iso(each.ends), "last_used": _iso(each.last_used)}
        for each in kept.tokens
    ]
    return {"name": kept.person.name, "added": _iso(kept.added), "tokens": tokens}


def _iso(when: datetime | None) -> str | None:
    return when.isoformat(timespec="seconds") if when is not None else None


def audit(
    document: Annotated[str, typer.Option(metavar="ID", help="Only entries about this document.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Entries to show, newest first.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Show who changed what, when and why, newest first. Entries are never changed or removed."""
    with open_records(read_settings()) as store:
        if as_json:
            from curation.api.audit_routes import audit_body  # FastAPI's models; text does not need them

            print_json(audit_body(store, document=document, limit=limit).model_dump(mode="json"))
            return
        found = store.audit.newest(limit=limit, document=document)
    if not found:
        out.print(gettext("No changes by people yet."))
    for each in found:
        _print_entry(each)


def _print_entry(logged: LoggedEntry) -> None:
    entry = logged.entry
    done = f"{entry.actor.name} {action_in_words(entry)} ({gettext(CHANNELS[entry.actor.channel])})"
    out.print(f"[bold]{logged.number}[/]  {entry.at:%Y-%m-%d %H:%M} UTC  {escape(done)}")
    about = [each for each in (entry.document, entry.other, details_in_words(entry)) if each]
    if about:
        out.print(f"   [dim]{escape(', '.join(about))}[/]")
    if entry.reason:
        out.print(f"   {escape(gettext('Reason: {reason}', reason=entry.reason))}")
    if logged.undone_by is not None:
        out.print(f"   {escape(gettext('Undone by no. {number}', number=logged.undone_by))}")
