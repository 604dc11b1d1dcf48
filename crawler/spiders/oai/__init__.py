"""OAI-PMH repositories."""
