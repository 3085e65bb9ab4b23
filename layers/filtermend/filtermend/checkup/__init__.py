"""The checkup of a stack: what a function can reach and read, one check for each part.

A check looks, changes nothing, and says what it saw and how to mend it. The doctor function runs
those that need the functions' network and role; `make doctor` adds those that an operator can do.
"""
