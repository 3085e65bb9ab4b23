"""`make chaos`: many errors at once, with faults at every hop, and a right end for each."""
