"""Alerts in the API: following a search, and what a subscriber may see and change with the manage link."""
