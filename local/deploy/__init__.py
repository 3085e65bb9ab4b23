"""`make deploy`, `make secret`, `make migrate`: from an empty account to a stack that works."""


class CannotDeploy(Exception):
    """What was asked for cannot be done; the message says what to do, and holds no secret."""
