"""A Gemini-protocol endpoint: a small local model, or fixed answers for tests."""
