"""E-mail over a relay by SMTP, and what comes back: bounces and complaints."""

from alerts.channels.email.smtp import Mailer, MailServer, mail_server

__all__ = ["MailServer", "Mailer", "mail_server"]
