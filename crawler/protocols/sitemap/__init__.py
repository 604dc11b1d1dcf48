"""Sitemaps (sitemaps.org)."""
