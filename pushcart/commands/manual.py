"""`pushcart man` and `pushcart settings`: the manual page, and every setting."""

from __future__ import annotations

import sys
from dataclasses import asdict

import typer
from rich.markup import escape
from rich.padding import Padding

from pushcart.commands.documents import JsonOption
from pushcart.console import out, print_json


def register(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""

    @app.command("man")
    def man() -> None:
        """Print the manual page, for `man -l -`, or to keep as share/man/man1/pushcart.1."""
        from pushcart.manual import manual_page

        sys.stdout.write(manual_page(app))

    @app.command("settings")
    def settings(as_json: JsonOption = False) -> None:
        """List all settings (environment variables) with their defaults and meanings."""
        from pushcart.settings_shown import explained_settings

        found = explained_settings()
        if as_json:
            print_json([asdict(each) for each in found])
            return
        for each in found:
            out.print(f"[bold]{each.name}[/bold]={escape(each.default)}", soft_wrap=True, highlight=False)
            out.print(Padding(escape(each.meaning), (0, 0, 0, 4)), highlight=False)
