"""An authority of a test's own, a certificate for localhost that it signed, and the password of a secure node."""

from __future__ import annotations

import secrets
import shutil
import subprocess
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

ADMINISTRATOR = "elastic"
"""Whom every server knows; the password is in the keystore at its first start."""
_DAYS = "2"


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files of a secure node, and the password of its administrator."""

    folder: Path
    password: str

    @property
    def ca_file(self) -> Path:
        return self.folder / "ca.crt"

    def authorization(self) -> str:
        """Return the header that says that we are the administrator."""
        return "Basic " + b64encode(f"{ADMINISTRATOR}:{self.password}".encode()).decode()

    def copy_to(self, config: Path) -> dict[str, object]:
        """Put the certificates into a node's configuration, and return its further settings."""
        for name in ("ca.crt", "node.crt", "node.key"):
            shutil.copy2(self.folder / name, config / name)
        settings: dict[str, object] = {"xpack.security.enabled": "true"}
        for layer in ("http", "transport"):
            settings |= {
                f"xpack.security.{layer}.ssl.enabled": "true",
                f"xpack.security.{layer}.ssl.certificate": "node.crt",
                f"xpack.security.{layer}.ssl.key": "node.key",
                f"xpack.security.{layer}.ssl.certificate_authorities": '["ca.crt"]',
            }
        return settings | {"xpack.security.transport.ssl.verification_mode": "certificate"}


def certificates_in(folder: Path) -> Certificates:
    """Make them with the command openssl."""

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)

    new = ("req", "-newkey", "rsa:2048", "-nodes")
    openssl(*new, "-x509", "-days", _DAYS, "-subj", "/CN=test authority", "-keyout", "ca.key", "-out", "ca.crt")
    openssl(*new, "-subj", "/CN=localhost", "-keyout", "node.key", "-out", "node.csr")
    (folder / "names").write_text("subjectAltName=DNS:localhost\n")
    signed = ("x509", "-req", "-in", "node.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial")
    openssl(*signed, "-days", _DAYS, "-extfile", "names", "-out", "node.crt")
    return Certificates(folder, secrets.token_urlsafe(16))
