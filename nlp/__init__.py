"""From a fetched file to pages and tags: pdfminer.six, trafilatura and spaCy."""
