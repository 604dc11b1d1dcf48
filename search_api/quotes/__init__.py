"""Check quotes: which sentences of a text stand in the documents that are held, where, and what is different there."""
