"""Pushcart for assistants: a server of the Model Context Protocol with few tools, all of which only read and cite pages."""
