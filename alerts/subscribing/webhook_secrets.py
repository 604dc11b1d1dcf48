"""Secrets with which webhooks are signed, as Standard Webhooks writes them."""

from __future__ import annotations

import base64
import secrets

from corpus.alerts import Channel, Subscriber
from corpus.errors import BadInput
from corpus.messages import sentence
from corpus.store import Store

_BYTES = 32
"""The specification asks for 24 to 64."""


def new_secret() -> str:
    """Return a secret that cannot be guessed: `whsec_` and base64."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(_BYTES)).decode()}"


def rotate(subscriber: Subscriber, *, store: Store) -> str:
    """Give a webhook a new secret and return it, the only time that it is shown. The one before it continues beside it.

    Raises BadInput: the subscriber is no webhook.
    """
    _check(subscriber)
    made = new_secret()
    store.subscriptions.set_up(subscriber.id, secrets=(made, *subscriber.secrets[:1]))
    return made


def end_rotation(subscriber: Subscriber, *, store: Store) -> bool:
    """Let only the newest secret of a webhook count; False: there was no other.

    Raises BadInput: the subscriber is no webhook.
    """
    _check(subscriber)
    if len(subscriber.secrets) < 2:
        return False
    store.subscriptions.set_up(subscriber.id, secrets=subscriber.secrets[:1])
    return True


def _check(subscriber: Subscriber) -> None:
    if subscriber.channel is not Channel.WEBHOOK:
        raise BadInput(
            sentence("Only webhooks have a secret."), try_next=sentence("E-mails are signed by the mail server.")
        )
