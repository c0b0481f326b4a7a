"""What a training has to tell: scores on papers that the model had not seen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Agreed", "Report", "Scored"]


@dataclass(frozen=True, slots=True)
class Scored:
    """How well the entities of a class are found in unseen folds: of `gold` annotated ones, with the scores at least
    `at_least`. `reliability`: for each tenth of the score how many entities have it, and how many of those are right.
    """

    type: str
    kind: str | None
    gold: int
    found: int
    right: int
    at_least: float
    reliability: tuple[tuple[int, int], ...]

    @property
    def precision(self) -> float:
        """0 to 1; 0 where nothing was found."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """0 to 1; 0 where there was nothing to find."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, 0 to 1."""
        return 2 * self.right / (self.found + self.gold) if self.right else 0.0


@dataclass(frozen=True, slots=True)
class Agreed:
    """Of how many annotated entities (`total`) the role is that of the annotation (`same`), in unseen folds."""

    what: str
    same: int
    total: int

    @property
    def share(self) -> float:
        """0 to 1; 0 where there was nothing to compare."""
        return self.same / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """The model at `path`, trained on `papers`. `unplaced`: line of the gold file and mention, of those that stand
    nowhere in their paper."""

    path: Path
    papers: int
    scored: tuple[Scored, ...]
    agreed: tuple[Agreed, ...]
    unplaced: tuple[tuple[int, str], ...]
