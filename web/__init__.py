"""Server-rendered pages for people, and the ASGI application that mounts everything."""
