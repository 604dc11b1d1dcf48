"""What the API answers to persons with a token: the audit log and decisions."""
