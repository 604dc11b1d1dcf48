"""Ids of messages and names of workers, which cannot be guessed and are unique."""

from __future__ import annotations

import base64
import os
import secrets
import socket


def new_public_id() -> str:
    """Return 26 letters and digits (base32, small) from 128 bits of chance: for a Message-ID and a webhook-id."""
    return base64.b32encode(secrets.token_bytes(16)).decode("ascii").rstrip("=").lower()


def new_worker_name() -> str:
    """Return a name for a worker, at most 64 characters: machine, process, and chance."""
    host = "".join(each for each in socket.gethostname() if each.isalnum() or each == "-")[:32] or "host"
    return f"{host}-{os.getpid()}-{secrets.token_hex(4)}"
