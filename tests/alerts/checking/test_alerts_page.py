"""What docs/alerts.md shows to programmers works."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from standardwebhooks.webhooks import Webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = '{"type":"alerts.digest"}'


def shown_code() -> dict[str, Any]:
    page = (Path(__file__).parents[3] / "docs/alerts.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.+?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    return names


def headers(*, at: datetime, secret: str = SECRET) -> dict[str, str]:
    signature = Webhook(secret).sign("msg_1", at, BODY)
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": f"v1,c29tZXRoaW5n {signature}",
    }


def test_the_code_of_the_page_takes_a_message_that_the_library_signed() -> None:
    is_genuine = shown_code()["is_genuine"]
    assert is_genuine(SECRET, headers(at=datetime.now(UTC)), BODY.encode())


def test_the_code_of_the_page_refuses_other_bodies_other_secrets_and_old_messages() -> None:
    is_genuine, now = shown_code()["is_genuine"], datetime.now(UTC)
    assert not is_genuine(SECRET, headers(at=now), b"{}")
    assert not is_genuine(SECRET, headers(at=now, secret="whsec_" + "QUJD" * 8), BODY.encode())
    assert not is_genuine(SECRET, headers(at=now - timedelta(minutes=6)), BODY.encode())
