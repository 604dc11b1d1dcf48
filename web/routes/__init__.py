"""The addresses of the pages: each reads its parameters, asks store and engine, and renders."""
