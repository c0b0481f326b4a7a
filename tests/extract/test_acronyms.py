"""Short forms and their long forms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.acronyms import find_pairs


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("a Reversible Column Network (RevCol)", [("RevCol", "Reversible Column Network")]),
        ("graph neural networks (GNNs) learn", [("GNNs", "graph neural networks")]),
        ("We use LLMs (large language models).", [("LLMs", "large language models")]),
        ("Membrane Potential Batch Normalization (MPBN)", [("MPBN", "Membrane Potential Batch Normalization")]),
        ("by Self-Supervised Learning (SSL)", [("SSL", "Self-Supervised Learning")]),
        ("a Vision-Language Model (LM)", [("LM", "Language Model")]),
        ("in the loop (see Fig. 2)", []),
        ("a net (which is small)", []),
        ("It works. Then (GNN)", []),
    ],
)
def test_pairs(text: str, pairs: list[tuple[str, str]]) -> None:
    assert [(p.short, p.long) for p in find_pairs(text)] == pairs


@given(st.text(alphabet="abAB ().-é\n", max_size=120))
def test_every_pair_stands_where_it_says(text: str) -> None:
    for p in find_pairs(text):
        assert text[p.short_start : p.short_start + len(p.short)] == p.short
        assert text[p.long_start : p.long_start + len(p.long)] == p.long
