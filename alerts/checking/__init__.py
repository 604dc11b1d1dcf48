"""Checks that nothing is lost: a sweep that repairs, an audit that starts from the documents, and answers to "why not?"."""
