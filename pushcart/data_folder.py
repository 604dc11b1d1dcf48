"""The data folder of a command: one that only reads does not make an empty one, and one that writes says which it makes."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from corpus.errors import BadInput
from corpus.messages import gettext, sentence
from corpus.settings import PREFIX, Settings
from corpus.store import Store, open_store
from pushcart.console import note

DEMO = "demo"
"""Folder in the data folder in which `pushcart demo` keeps the samples."""
_ELSEWHERE = ("DATABASE_URL", "FILES_URL", "ELASTICSEARCH_URL")
"""Settings by which documents are kept outside the data folder."""


def open_records(settings: Settings) -> Store:
    """Open the records for a command that works on what is there.

    Raises BadInput: there are none where it looked; nothing is made.
    """
    require_records(settings)
    return open_store(settings)


def require_records(settings: Settings) -> None:
    """Raises BadInput: there are no records where a command looks; nothing is made."""
    if not has_records(settings):
        raise _no_records(settings.data_dir.absolute())


def begin_records(settings: Settings) -> Store:
    """Open the records for a command that adds to them, and say so when their folder is made."""
    announce_folder(settings)
    return open_store(settings)


def announce_folder(settings: Settings) -> None:
    """Say which data folder is made, when there is none yet."""
    if not has_records(settings):
        note(gettext("Creating the data folder {folder}.", folder=settings.data_dir.absolute()))


def has_records(settings: Settings) -> bool:
    """Say whether there are records to open, or an empty folder that someone made for them, such as a container's volume."""
    folder = settings.data_dir
    if settings.database_url or (folder / "pushcart.sqlite3").exists():
        return True
    return folder.is_dir() and not (folder / DEMO).is_dir()


def enter_demo_folder(settings: Settings) -> Settings:
    """Return settings with a data folder for the samples alone; the environment says the same, for the server of the pages."""
    folder = settings.data_dir.absolute() / DEMO
    os.environ.update({f"{PREFIX}DATA_DIR": str(folder)})
    for name in _ELSEWHERE:
        os.environ.pop(f"{PREFIX}{name}", None)
    return replace(settings, data_dir=folder, database_url="", files_url="", elasticsearch_url="")


def _no_records(folder: Path) -> BadInput:
    samples = folder / DEMO
    if samples.is_dir():
        return BadInput(
            sentence("There are no documents in {folder}, only the samples of `pushcart demo`.", folder=folder),
            try_next=sentence(
                "Set PUSHCART_DATA_DIR to {samples} to work with the samples; `pushcart add FOLDER` and `pushcart "
                "harvest SOURCE` start a collection of your own.",
                samples=samples,
            ),
        )
    return BadInput(
        sentence("There is no data folder {folder}.", folder=folder),
        try_next=sentence(
            "Run the command in the folder that has your `pushcart-data`, or set PUSHCART_DATA_DIR. `pushcart "
            "add FOLDER` and `pushcart harvest SOURCE` start a new collection."
        ),
    )
