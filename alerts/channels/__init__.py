"""The ways to somebody who is told: e-mail, webhook and feeds. What the first two answer is the same kind of value."""
