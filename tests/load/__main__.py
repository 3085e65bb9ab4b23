"""`python -m load`: `make load`. Every environment imports this file, so that it imports nothing."""

if __name__ == "__main__":
    import sys

    from load.command import main

    sys.exit(main())
