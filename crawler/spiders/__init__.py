"""One folder for each protocol that publishers speak; no code for any single source.

In a folder: `rules.py` (the TOML table of the protocol, frozen), a reader (bytes of an answer -> Found, pure), and
`spider.py` (how the answers follow each other). What all of them share is `source_spider.py`.
"""
