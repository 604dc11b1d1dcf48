"""The language in which the command says what went wrong."""

from __future__ import annotations

import os
from collections.abc import Mapping

from corpus.settings import PREFIX
from corpus.types import LANGUAGES

_NAMES = (f"{PREFIX}LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where the language of a person is said, as POSIX orders them, our own setting first."""


def command_language(environment: Mapping[str, str] | None = None) -> str:
    """Return en, es, fr or pt: the first variable that is set decides, and English where it names none of ours.

    From the environment and not from the settings: what is wrong may be the settings.

    Args:
        environment: names and values; None means the process's own.
    """
    given = os.environ if environment is None else environment
    said = next((given[name] for name in _NAMES if given.get(name)), "")
    code = said.casefold().replace("-", "_").partition("_")[0].partition(".")[0]
    return code if code in LANGUAGES else "en"
