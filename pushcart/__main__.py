"""`python -m pushcart` is `pushcart`."""

from pushcart.cli import main

if __name__ == "__main__":
    main()
