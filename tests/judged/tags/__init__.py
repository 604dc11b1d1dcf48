"""Texts that two people labelled, for measuring tags; see README.md."""
