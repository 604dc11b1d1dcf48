"""Following a search: asked for, confirmed, looked at, changed and ended, by links that are signed and without passwords."""
