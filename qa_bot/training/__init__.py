"""Train the embedding model that travels in the package, or adapt one (`python -m qa_bot.training`)."""
