"""A Braintrust-protocol endpoint that keeps what it is sent and shows the traces."""
