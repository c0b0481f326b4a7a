"""The example graph, opened once."""

from __future__ import annotations

import pytest
from graphs import example_graph

from kg.store import Store


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return example_graph(tmp_path_factory.mktemp("asking") / "graph")
