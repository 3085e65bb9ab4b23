"""All SQL: errors, the ledger of calls, and what each user spent today.

Every function takes a connection inside a transaction (see `database.Database.transact`) and
is safe to repeat.
"""
