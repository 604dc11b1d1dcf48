"""What is kept of the links in messages, by which subscribers change what they follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from corpus.alerts import AlertLink, LinkPurpose
from corpus.store.alert_tables import alert_links
from corpus.store.transactions import Group


class LinksOfMessages(Group):
    """The table `alert_links`."""

    def get_or_keep(self, link: AlertLink) -> AlertLink:
        """Return the newest link of the same purpose, subscriber and subscription that counts; keep this one if there is none."""
        columns = alert_links.c
        asked = sa.select(alert_links).where(
            columns.purpose == link.purpose.value,
            columns.subscriber_id == link.subscriber,
            columns.used_at.is_(None),
            sa.or_(columns.ends_at.is_(None), columns.ends_at > link.made_at),
            columns.subscription_id.is_(None)
            if link.subscription is None
            else columns.subscription_id == link.subscription,
        )
        values = {
            "id": link.id,
            "purpose": link.purpose.value,
            "subscriber_id": link.subscriber,
            "subscription_id": link.subscription,
            "made_at": link.made_at,
            "ends_at": link.ends_at,
        }
        with self._reads() as connection:
            row = connection.execute(asked.order_by(columns.made_at.desc(), columns.id)).mappings().first()
        if row:
            return _link(row)
        with self._writes() as connection:
            connection.execute(sa.insert(alert_links).values(values))
        return link

    def get(self, link_id: str) -> AlertLink | None:
        """Return what is kept of a link, also of one that ended or was used; None: there is none."""
        with self._reads() as connection:
            row = connection.execute(sa.select(alert_links).where(alert_links.c.id == link_id)).mappings().first()
        return _link(row) if row else None

    def use(self, link_id: str, *, at: datetime) -> bool:
        """Use up a link that acts once; False: it was used, it ended, or there is none."""
        columns = alert_links.c
        counts = sa.and_(columns.used_at.is_(None), sa.or_(columns.ends_at.is_(None), columns.ends_at > at))
        with self._writes() as connection:
            used = sa.update(alert_links).where(columns.id == link_id, counts).values(used_at=at)
            return bool(connection.execute(used).rowcount)

    def end(self, subscriber_id: int, purpose: LinkPurpose, *, at: datetime) -> int:
        """Let all links of a purpose no longer count, as when someone else got hold of one; return how many there were."""
        columns = alert_links.c
        here = sa.and_(columns.subscriber_id == subscriber_id, columns.purpose == purpose.value)
        with self._writes() as connection:
            ended = sa.update(alert_links).where(here, columns.used_at.is_(None)).values(used_at=at)
            return int(connection.execute(ended).rowcount)


def _link(row: Mapping[Any, Any]) -> AlertLink:
    return AlertLink(
        id=row["id"],
        purpose=LinkPurpose(row["purpose"]),
        subscriber=row["subscriber_id"],
        made_at=row["made_at"],
        subscription=row["subscription_id"],
        ends_at=row["ends_at"],
        used_at=row["used_at"],
    )
