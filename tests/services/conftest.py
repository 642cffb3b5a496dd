from __future__ import annotations

from collections.abc import AsyncGenerator
from functools import partial

import pytest

from app.recognition.local.options import LocalOptions
from app.services.local_engine import LocalEngine, local_recognizer


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def local() -> AsyncGenerator[LocalEngine]:
    """The real local engine in its process, without the structure model."""
    engine = LocalEngine(partial(local_recognizer, LocalOptions(use_structure_model=False)))
    yield engine
    await engine.close()
