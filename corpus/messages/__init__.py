"""Every word that Pushcart says to people: messages with an id and data."""
