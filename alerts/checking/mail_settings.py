"""What the doctor knows of how mail is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

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
    security: Security = "starttls"
    user: str = ""
    """Empty: nobody signs in."""
    password: str = field(default="", repr=False)
    seconds_max: float = 15.0
    """How long one step of talking to the server may take."""

    @classmethod
    def of(cls, settings: Settings) -> MailSettings:
        """Return what settings say of mail; what they do not have yet is as if it were not set."""
        return cls(
            host=getattr(settings, "smtp_host", ""),
            sender=getattr(settings, "mail_from", ""),
            public_url=settings.public_url,
            port=getattr(settings, "smtp_port", 587),
            security=getattr(settings, "smtp_security", "starttls"),
            user=getattr(settings, "smtp_user", ""),
            password=getattr(settings, "smtp_password", ""),
        )
