"""The `pushcart` command: what a person or a timer runs."""
