"""Measure search, silence and conversation: on test collections, and on questions to transcripts."""
