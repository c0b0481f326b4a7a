"""Gold against predicted, paper by paper: the figures of docs/extraction.md, and the errors behind them.

    GOLD, PREDICTED ──files──▶ papers ──matching──▶ Outcome ──figures──▶ Report
                                                       └──differences──▶ Difference...

An entity is found when its name or one of its mentions equals the gold entity's name or one of its mentions; case,
punctuation, a plural s, an article and a generic head word ("dataset", "model") aside. A gold entity can be found once.
Named methods: gold of kind named, found by a prediction of kind named; named predictions that match nothing are wrong.
All methods: named and techniques, whatever the kind; software neither helps nor hurts. Repositories: the address.
"""

from __future__ import annotations

from kg.evaluate.differences import SORTS, Difference, differences
from kg.evaluate.figures import Agreement, Report, Score, Tenth, evaluate
from kg.evaluate.files import Annotations, extracted, read_annotations, scored
from kg.evaluate.matching import keys

__all__ = [
    "SORTS",
    "Agreement",
    "Annotations",
    "Difference",
    "Report",
    "Score",
    "Tenth",
    "differences",
    "evaluate",
    "extracted",
    "keys",
    "read_annotations",
    "scored",
]
