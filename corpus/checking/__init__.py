"""Checks of databases, records and files for `pushcart verify`. They change nothing."""
