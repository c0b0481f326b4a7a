"""kg show"""

from __future__ import annotations

__all__ = ["command"]


def command() -> None:
    """(not written yet)"""
    raise NotImplementedError
