"""What following searches needs beside what every request needs."""

from __future__ import annotations

from dataclasses import dataclass, field

from alerts.subscribing.interfaces import NoteBounce, Why
from alerts.subscribing.links import AlertLinks
from corpus.secret_key import KeySource, secret_key_of
from search_api.api.state import AppState


@dataclass(frozen=True, slots=True)
class AlertsState:
    """Opened once for the whole application; threads may share it."""

    app: AppState
    why: Why | None = None
    """None: this site does not explain missing documents."""
    note_bounce: NoteBounce | None = None
    """None: reports on addresses are not taken."""
    sends_email: bool = True
    """False: this site has no mail server, and e-mail addresses are not taken."""
    allows_private: bool = False
    """True: endpoints on this machine or in a private network are taken too, and plain http: for development."""
    key: KeySource = field(init=False)
    """Signs links and hides networks."""
    links: AlertLinks = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", secret_key_of(self.app.settings))
        site = self.app.settings.public_url
        object.__setattr__(self, "links", AlertLinks(self.app.store, key=self.key, site=site))

    @property
    def takes_new(self) -> bool:
        """Return whether someone can follow another search here."""
        return self.app.settings.alerts_subscriptions_max > 0
