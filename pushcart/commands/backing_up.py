"""`pushcart backup`, `restore` and `verify`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from corpus.messages import gettext, ngettext
from corpus.messages.formats import grouped
from corpus.settings import read_settings
from pushcart.commands.documents import JsonOption, end_behind, index_if_it_answers
from pushcart.console import meter, note, out, print_json
from pushcart.data_folder import require_records
from pushcart.lock import only_one

BACKUP_LOCK = "backup"
"""Held while files are copied or removed; see `pushcart remove --source`."""


def register(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("verify")(verify)


def backup(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of the backups, best on another disk.", file_okay=False)
    ],
    keep: Annotated[
        int, typer.Option("--keep", metavar="N", min=0, help="Remove older backups until N are left; 0 keeps all.")
    ] = 0,
    as_json: JsonOption = False,
) -> None:
    """Back up records, files and settings, while everything runs.

    Each backup has a dated folder in DIR; files are shared between them, so that the next one is quick. It contains
    addresses of subscribers and the key of the site: keep it private. Passwords in settings are not in it.
    """
    from corpus.backup import back_up
    from corpus.backup.making import check_place

    settings = read_settings()
    require_records(settings)
    check_place(settings, folder)
    with (
        only_one(settings.data_dir, BACKUP_LOCK),
        only_one(folder, BACKUP_LOCK),
        meter(gettext("Backing up")) as progress,
    ):
        made = back_up(settings, folder, keep=keep, on_progress=lambda done, total: progress.set(done, total=total))
    for name in made.left_out:
        note(gettext("{file} is damaged and was left out; it only saves requests to the publisher.", file=name))
    missing = made.manifest.missing
    if as_json:
        print_json(
            {"folder": made.folder, "documents": made.manifest.rows.get("documents", 0), "files": made.manifest.files,
             "bytes": made.manifest.bytes, "new_files": made.new_files, "linked": made.linked, "missing": missing,
             "removed": made.removed}
        )  # fmt: skip
    else:
        out.print(
            gettext(
                "Backed up {documents} documents and {files} files ({new} new, {linked} of them linked) into {folder}.",
                documents=grouped(made.manifest.rows.get("documents", 0)),
                files=grouped(made.manifest.files),
                new=grouped(made.new_files),
                linked=grouped(made.linked),
                folder=escape(str(made.folder)),
            )
        )
        if made.linked:
            note(
                gettext(
                    "Linked files are on the disk of the data folder: copy {folder} to another machine too.",
                    folder=folder,
                )
            )
    if missing:
        note(
            ngettext(
                "{count} file is missing or damaged, and is not in the backup; `pushcart verify` names it.",
                "{count} files are missing or damaged, and are not in the backup; `pushcart verify` names them.",
                len(missing),
            )
        )
        raise typer.Exit(1)


def restore(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            help="Folder of backups (the newest is restored), or a dated folder in it.",
            exists=True,
            file_okay=False,
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Restore a backup into an empty data folder or an empty database, then bring the index up to date.

    Stop every other Pushcart first. Nothing that exists is replaced. An interrupted restore is continued by the same
    command.
    """
    from corpus.backup import restore as restore_backup
    from corpus.store import open_store

    settings = read_settings()
    with only_one(settings.data_dir, BACKUP_LOCK), meter(gettext("Restoring")) as progress:
        done = restore_backup(settings, folder, on_progress=lambda number, total: progress.set(number, total=total))
    manifest = done.manifest
    with open_store(settings) as store:
        waiting = sum(store.messages.counts()[state] for state in ("waiting", "sending"))
        report = index_if_it_answers(store, settings=settings)
    for path in done.kept:
        note(gettext("{file} was there already and is not that of the backup; it was left as it is.", file=path))
    if as_json:
        body = {"folder": done.folder, "documents": manifest.rows.get("documents", 0), "files": manifest.files}
        more = {"made_at": manifest.made_at, "continued": done.continued, "migrated_from": done.migrated_from or None}
        print_json(
            body
            | more
            | {"missing": manifest.missing, "messages_waiting": waiting, "settings": manifest.settings}
            | report
        )
        end_behind(report)
        return
    out.print(
        gettext(
            "Restored {documents} documents and {files} files from the backup of {moment}.",
            documents=grouped(manifest.rows.get("documents", 0)),
            files=grouped(manifest.files),
            moment=manifest.made_at,
        )
    )
    if manifest.missing:
        note(
            ngettext(
                "{count} file was missing or damaged when the backup was made.",
                "{count} files were missing or damaged when the backup was made.",
                len(manifest.missing),
            )
        )
    if manifest.settings:
        note(
            gettext(
                "Settings of that day: {settings}",
                settings=" ".join(f"{name}={value}" for name, value in manifest.settings.items()),
            )
        )
    if waiting:
        note(
            ngettext(
                "{count} message of alerts was to be sent when the backup was made, and is sent again if it was sent since.",
                "{count} messages of alerts were to be sent when the backup was made, and are sent again if they were sent since.",
                waiting,
            )
        )
    end_behind(report)


def verify(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]", help="Check this backup instead of the data folder.", exists=True, file_okay=False
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check databases, files, pages, index and followed searches, or a backup; say what is damaged and what to do.

    Nothing is changed. Every file is read. Exit code 1: something is damaged.
    """
    from pushcart import verifying

    findings = tuple(verifying.verify_backup(folder) if folder else verifying.verify(read_settings()))
    damage = [each for each in findings if each.is_damage]
    if as_json:
        print_json([asdict(each) | {"is_damage": each.is_damage} for each in findings])
    else:
        for each in findings:
            out.print(("[bold red]{}[/]" if each.is_damage else "{}").format(escape(each.message)))
            out.print(f"   {escape(each.try_next)}")
        if damage:
            out.print(ngettext("{count} fault found.", "{count} faults found.", len(damage)))
        else:
            out.print(gettext("Everything is whole."))
    if damage:
        raise typer.Exit(1)
