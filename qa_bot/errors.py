"""Errors that a person can act on.

QABotError
├── TranscriptError       a transcript can't be read, or nothing in it can
├── FetchError            an address can't or must not be fetched
├── SeedsError            the folder of transcripts is missing or holds none
├── IndexFolderError      an index is missing, damaged or of another version
├── ModelError            an embedding model can't be loaded
├── LexiconError          a file of names and wordings is malformed
├── EvaluationError       a test collection is malformed
└── TrainingDataError     a training file is missing or malformed

Every message says what happened, where, and what to do about it.
"""

from __future__ import annotations


class QABotError(Exception):
    """The base of every error that qa_bot raises on purpose."""


class TranscriptError(QABotError):
    """A transcript can't be read: it is empty, binary or in an unknown encoding."""


class FetchError(QABotError):
    """A page can't be fetched, or must not be: its address, its size or its kind is not allowed."""


class SeedsError(QABotError):
    """The folder of transcripts is missing or holds no transcript."""


class IndexFolderError(QABotError):
    """An index on disk is missing, damaged or of another format version."""


class ModelError(QABotError):
    """An embedding model can't be found or loaded."""


class LexiconError(QABotError):
    """A file of names and wordings can't be read or has a malformed line."""


class EvaluationError(QABotError):
    """A test collection in BEIR layout is missing a file or has a malformed row."""


class TrainingDataError(QABotError):
    """A training file is missing or has a malformed row."""
