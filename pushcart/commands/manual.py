"""`pushcart man`: the manual page."""

from __future__ import annotations

import sys

import typer


def register(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""

    @app.command("man")
    def man() -> None:
        """Print the manual page, for `man -l -`, or to keep as share/man/man1/pushcart.1."""
        from pushcart.manual import manual_page

        sys.stdout.write(manual_page(app))
