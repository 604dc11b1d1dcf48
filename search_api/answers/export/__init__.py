"""Lists of documents as files: the whole result of a search, or a selection, for reference managers, spreadsheets and programs."""
