"""Train the embedding model that travels in the package (`python -m qa_bot.training`)."""
