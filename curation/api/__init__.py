"""What the API answers to people with a token: the audit log and decisions."""
