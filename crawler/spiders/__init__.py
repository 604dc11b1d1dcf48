"""One folder for each protocol that publishers speak; no code for any single source.

In a folder: `parse.py` (from the bytes of an answer to a ListPage; no I/O), `spider.py` (how the answers follow each other)
and `probe.py` (whether a site speaks the protocol). What all of them share is `source_spider.py`; the TOML tables of the
protocols are in `crawler.sources.rules`.
"""
