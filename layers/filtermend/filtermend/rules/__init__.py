"""Rules as functions of values: nothing here reads a clock, a socket or a setting."""
