"""Citations of documents and their pages: one neutral `Reference`, and the formats that are written from it. Pure functions."""
