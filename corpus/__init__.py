"""What Pushcart holds: domain types, vocabulary, record store, file store, settings, errors and logs."""
