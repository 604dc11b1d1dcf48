"""What the doctor knows of how mail is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from alerts.channels.email.smtp import PORTS
from corpus.settings import Settings

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How mail is sent."""

    host: str
    """Of the server that takes mail; empty: none is set, and nothing is sent."""
    sender: str
    """`Pushcart <alerts@example.org>`, or the address alone; empty: not set."""
    public_url: str
    """That links in messages begin with."""
    port: int = 587
    """1 or more."""
    security: Security = "starttls"
    user: str = ""
    """Empty: no login."""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    """Certificate (PEM) of the authority that signed the server's; empty: the system's authorities."""
    seconds_max: float = 15.0
    """How long one step of talking to the server may take."""

    @classmethod
    def of(cls, settings: Settings) -> MailSettings:
        """Return what settings say of mail."""
        security: Security = settings.smtp_security  # type: ignore[assignment]  # the settings check it
        return cls(
            host=settings.smtp_host,
            sender=settings.mail_from,
            public_url=settings.public_url,
            port=settings.smtp_port or PORTS[settings.smtp_security],
            security=security,
            user=settings.smtp_user,
            password=settings.smtp_password,
            ca_file=str(settings.smtp_ca_file or ""),
        )
