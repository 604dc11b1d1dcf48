"""The ways to somebody who is told: e-mail and webhook. What each answers is the same kind of value."""
