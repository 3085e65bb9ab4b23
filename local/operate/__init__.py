"""What an operator runs against a database: of a deployment, or of the local stack."""


class CannotOperate(Exception):
    """What was asked for cannot be done; the message says what to do, and holds no secret."""
