"""Finds the files that ship beside the code: schema/ and queries/ live outside the package in a checkout."""

from __future__ import annotations

from pathlib import Path

__all__ = ["folder"]


def folder(name: str) -> Path:
    """The folder `name` ("schema", "queries", "examples"): kg/_data/NAME in a wheel, NAME in a checkout."""
    packaged = Path(__file__).parent / "_data" / name
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / name
