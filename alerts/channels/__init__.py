"""The ways to someone who is notified: e-mail, webhook and feeds. What the first two answer is the same kind of value."""
