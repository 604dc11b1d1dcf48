"""Where commands write what they make: standard output, or a file that is there whole or not at all."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import BadInput
from corpus.messages import sentence


@contextmanager
def to_output(path: Path | None) -> Iterator[Callable[[str], object]]:
    """Lend what writes text to a file, or to standard output (None).

    Raises BadInput: the file cannot be written.
    """
    if path is not None:
        with _whole_file(path) as put:
            yield put
        return
    # As bytes: the line ends of CSV stay as they are on every system.
    yield lambda piece: sys.stdout.buffer.write(piece.encode(errors="replace"))
    sys.stdout.buffer.flush()


@contextmanager
def _whole_file(path: Path) -> Iterator[Callable[[str], object]]:
    """Lend what writes to a file that takes its name when all is written; what was there before stays until then.

    Raises BadInput: it cannot be written.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as file:
            yield lambda piece: file.write(piece.encode(errors="replace"))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise BadInput(
            sentence("{file} cannot be written: {reason}.", file=path, reason=error.strerror or str(error)),
            try_next=sentence("Name a file in an existing folder, on a disk with free space."),
        ) from error
    finally:
        draft.unlink(missing_ok=True)
