"""Evaluations of the whole repair, on cases whose right answer is known."""
