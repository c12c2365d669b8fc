from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from qa_bot.bot import QABot
from qa_bot.records import Transcript
from qa_bot.sources import read_source

REPOSITORY = Path(__file__).parent.parent
SEED = REPOSITORY / "seeds" / "2017-03-08-wangyi.txt"

# Slow machines are not wrong ones: speed is measured in benchmarks/, not asserted here.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")

# The README's session must not meet an index or a model of the developer's own.
for name in ("QA_BOT_SEEDS", "QA_BOT_MODEL"):
    os.environ.pop(name, None)
os.environ["QA_BOT_INDEX"] = tempfile.mkdtemp(prefix="qa_bot-tests-")

# Nothing here needs the network: a library that tries it should fail at once, not wait.
os.environ["HF_HUB_OFFLINE"] = "1"


@pytest.fixture(scope="session")
def seed() -> Transcript:
    return read_source(SEED)


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> QABot:
    """The embedded model over the seed."""
    return QABot.open(index=tmp_path_factory.mktemp("index"), seeds=SEED.parent)
