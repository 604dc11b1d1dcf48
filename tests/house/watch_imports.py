"""Import modules and print, as a JSON list, what our own code did meanwhile: files, sockets, processes, threads.

Usage: watch_imports.py ROOT MODULE...

Foreign libraries do what they like when they are imported (many read their tables); only what happens directly
below a line of ours counts, and loading a module is not counted as reading its file.
"""

from __future__ import annotations

import importlib
import json
import sys
import threading
from types import FrameType
from typing import Any

WATCHED = {
    "open",
    "socket.connect",
    "socket.bind",
    "sqlite3.connect",
    "subprocess.Popen",
    "os.mkdir",
    "os.listdir",
    "os.scandir",
    "os.remove",
}
_STANDARD = tuple(f"{sys.base_prefix}/lib/python3.{minor}/" for minor in range(11, 30))


def our_line(frame: FrameType | None, *, root: str) -> str | None:
    """Return the line of ours that a call came from directly; None when a library or the import system stands between."""
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith("<frozen importlib"):
            return None
        if name.startswith(root) and "/.venv/" not in name and name != __file__:
            return f"{name.removeprefix(root)}:{frame.f_lineno}"
        if "/site-packages/" in name or not name.startswith(("<", *_STANDARD)):
            return None
        frame = frame.f_back
    return None


def main() -> None:
    """Import every module named on the command line and print what they did."""
    root, *modules = sys.argv[1:]
    sys.path.insert(0, root)
    done: list[str] = []

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event in WATCHED and (line := our_line(sys._getframe(1), root=root + "/")):
            done.append(f"{line} {event} {arguments[:1]}")

    sys.addaudithook(note)
    for module in modules:
        importlib.import_module(module)
    done += [
        f"a thread is left running: {each.name}"
        for each in threading.enumerate()
        if each is not threading.main_thread()
    ]
    print(json.dumps(done))


if __name__ == "__main__":
    main()
