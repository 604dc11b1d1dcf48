"""What shells and `man` are given: completion of commands and options, and a page with all of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from pushcart.cli import app, run
from pushcart.manual import manual_page

BIN = Path(sys.executable).parent


def ask(*command: str, **environment: str) -> str:
    """Run a command with the installed `pushcart` first on its path."""
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(
        command, env=os.environ | {"PATH": path} | environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.stderr == ""
    return ended.stdout


@pytest.fixture
def complete(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Return what asks as the script of a shell does; the command itself is not started for each question."""

    def asked(kind: str, **environment: str) -> str:
        with monkeypatch.context() as patch:
            for name, value in {"_PUSHCART_COMPLETE": kind, **environment}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["pushcart"])
            run([])
        return capsys.readouterr().out

    return asked


def test_bash_completes_by_the_script_that_it_is_given() -> None:
    script = """
        source <(_PUSHCART_COMPLETE=source_bash pushcart)
        COMP_WORDS=(pushcart se); COMP_CWORD=1; _pushcart_completion pushcart; echo "${COMPREPLY[@]}"
    """
    assert ask("bash", "-c", script).split() == ["search", "searches", "serve", "settings"]


def test_options_and_commands_of_commands_are_completed(complete) -> None:
    assert complete("complete_bash", COMP_WORDS="pushcart serve --p", COMP_CWORD="2").split() == ["--port"]
    assert complete("complete_bash", COMP_WORDS="pushcart alerts do", COMP_CWORD="2").split() == ["doctor"]


def test_zsh_and_fish_are_given_a_script_and_what_completes_a_word(complete) -> None:
    assert "compdef _pushcart_completion pushcart" in complete("source_zsh")
    assert "complete --command pushcart" in complete("source_fish")
    words = {"_TYPER_COMPLETE_ARGS": "pushcart alerts do"}
    assert '"doctor"' in complete("complete_zsh", **words)
    assert complete("complete_fish", _TYPER_COMPLETE_FISH_ACTION="get-args", **words).split()[0] == "doctor"


def test_the_manual_has_every_command_and_option() -> None:
    page = manual_page(app).replace(r"\-", "-")
    root = get_command(app)
    for name, command in root.commands.items():
        for inner, each in (
            (name, command),
            *((f"{name} {sub}", one) for sub, one in getattr(command, "commands", {}).items()),
        ):
            assert f'.SS "pushcart {inner}"' in page, inner
            part = page.split(f'.SS "pushcart {inner}"')[1].split("\n.S")[0]
            for parameter in each.params:
                assert all(option in part for option in parameter.opts if option.startswith("--")), (
                    inner,
                    parameter.opts,
                )


def test_man_reads_the_page_without_a_warning(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    if shutil.which("man") is None:
        pytest.skip("SKIPPED: there is no `man` here to read the page with")
    assert run(["man"]) == 0
    (tmp_path / "pushcart.1").write_text(capsys.readouterr().out, encoding="utf-8")
    plain = ask("man", "--warnings=w", "-P", "cat", "-l", str(tmp_path / "pushcart.1"), MANWIDTH="100")
    assert "pushcart search" in plain
    assert "`pushcart alerts list`" in plain
    assert "130    Stopped." in plain
