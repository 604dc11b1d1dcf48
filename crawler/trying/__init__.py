"""Try a source: its first records as a harvest would see them, without fetching a file or keeping anything."""
