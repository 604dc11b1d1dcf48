"""Serve the demonstration publisher by hand: python -m demo [--port 8001]."""

from __future__ import annotations

import argparse
import sys
import time

from demo.server import PORT, DemoPublisher


def main() -> None:
    """Serve until Ctrl-C; print the address first, on a line of its own."""
    parser = argparse.ArgumentParser(
        prog="python -m demo", description="Serve the web site of the demonstration publisher."
    )
    parser.add_argument(
        "--port", type=int, default=PORT, help=f"port on 127.0.0.1, {PORT} by default; 0 takes any free one"
    )
    port = parser.parse_args().port
    try:
        with DemoPublisher(port=port) as publisher:
            print(publisher.url, flush=True)  # noqa: T201  this line is the product
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        return
    except OSError as error:
        sys.exit(f"Port {port} cannot be used ({error.strerror}). Try another, or 0 for any free one.")


if __name__ == "__main__":
    main()
