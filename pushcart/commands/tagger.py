"""`pushcart tagger`: the spaCy pipeline as a folder that `spacy.load` opens."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from corpus.errors import BadInput
from corpus.messages import gettext, sentence
from pushcart.console import note

app = typer.Typer(help="Use the tagger outside Pushcart, as a spaCy pipeline.", no_args_is_help=True)


def register(parent: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    parent.add_typer(app, name="tagger")


@app.command("save")
def save(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="New folder, or one that holds a saved pipeline.")],
) -> None:
    """Save the pipeline with its vocabulary, for `spacy.load(DIR)`."""
    from nlp.pipeline.build import save_pipeline
    from nlp.pipeline.version import tagger_version

    if folder.exists() and not (folder / "config.cfg").is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(
            sentence("{path} contains something other than a saved pipeline.", path=str(folder)),
            try_next=sentence("Name a folder that does not exist yet."),
        )
    try:
        save_pipeline(folder)
    except OSError as error:
        raise BadInput(
            sentence(
                "The pipeline cannot be saved in {path}: {error}.", path=str(folder), error=error.strerror or error
            ),
            try_next=sentence("Name a folder that does not exist yet."),
        ) from error
    note(
        gettext("Saved version {version} in {path}.", version=tagger_version(), path=escape(str(folder)))
        + " "
        + gettext("Open it with spacy.load.")
    )
