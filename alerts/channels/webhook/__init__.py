"""Webhooks by the Standard Webhooks specification 1.0."""

from alerts.channels.webhook.posting import WebhookBody, WebhookSender

__all__ = ["WebhookBody", "WebhookSender"]
