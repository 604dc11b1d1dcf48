"""Serve the sample publisher by hand: python -m crawler.sample [--port 8001]."""

from __future__ import annotations

import argparse
import sys
import time

from crawler.sample.server import SamplePublisher


def main() -> None:
    """Serve until Ctrl-C; print the address first, on a line of its own."""
    parser = argparse.ArgumentParser(
        prog="python -m crawler.sample", description="Serve the sample publisher's web site."
    )
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0, the default, takes any free one")
    port = parser.parse_args().port
    try:
        with SamplePublisher(port=port) as publisher:
            print(publisher.url, flush=True)  # noqa: T201  this line is the product
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        return
    except OSError as error:
        sys.exit(f"Port {port} cannot be used ({error.strerror}). Try another, or 0 for any free one.")


if __name__ == "__main__":
    main()
