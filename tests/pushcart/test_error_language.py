"""In which language the command says what went wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushcart.cli import run
from pushcart.language import command_language


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PUSHCART_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(tmp_path))


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "es_PE.UTF-8"}, "es"),
        ({"LANG": "es_PE.UTF-8", "LC_MESSAGES": "pt_BR.UTF-8"}, "pt"),
        ({"LANG": "es_PE.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "es_PE.UTF-8", "LC_ALL": ""}, "es"),
        ({"LANG": "es_PE.UTF-8", "PUSHCART_LANGUAGE": "fr"}, "fr"),
        ({"LANG": "pt-BR"}, "pt"),
    ],
)
def test_our_own_setting_comes_before_those_of_the_terminal(environment: dict[str, str], lang: str) -> None:
    assert command_language(environment) == lang


@pytest.mark.parametrize(
    ("lang", "message", "advice"),
    [
        ("en", "There is no file or folder nowhere.", "Check the spelling; nothing was added."),
        ("es", "No hay ningún archivo o carpeta nowhere.", "Verifique cómo está escrito; no se añadió nada."),
        ("fr", "Il n’y a ni fichier ni dossier nowhere.", "Vérifiez l’orthographe ; rien n’a été ajouté."),
        ("pt", "Não há nenhum arquivo ou pasta nowhere.", "Verifique a grafia; nada foi adicionado."),
    ],
)
def test_an_error_and_its_advice_are_said_in_the_language_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lang: str, message: str, advice: str
) -> None:
    monkeypatch.setenv("LANG", f"{lang}_XX.UTF-8")
    assert run(["add", "nowhere"]) == 1
    said = " ".join(capsys.readouterr().err.replace("\xa0", " ").split())
    assert f"{message} {advice}" in said


def test_a_setting_that_cannot_be_used_is_said_in_the_language_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PUSHCART_LANGUAGE", "es")
    monkeypatch.setenv("PUSHCART_WORKERS", "many")
    assert run(["status"]) == 1
    assert "PUSHCART_WORKERS es 'many', que no es un número." in " ".join(capsys.readouterr().err.split())
