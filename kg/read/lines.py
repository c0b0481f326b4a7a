"""The lines of a text input, decoded one by one: a line that is not UTF-8 is set aside alone."""

from __future__ import annotations

from collections.abc import Iterator

from kg.model import Reject
from kg.read.inputs import Source

__all__ = ["LONGEST", "lines"]

# In bytes. No paper comes near it; without a bound one broken file could fill the memory.
LONGEST = 16 << 20


def lines(source: Source) -> Iterator[tuple[int, str] | Reject]:
    """Each line with its number, counted from 1, its line end kept; a Reject for one that is no text or too long."""
    number = 0
    while raw := source.stream.readline(LONGEST + 1):
        number += 1
        if len(raw) > LONGEST:
            while not raw.endswith(b"\n") and (raw := source.stream.readline(LONGEST)):
                pass
            yield Reject(source.name, number, f"a line of more than {LONGEST >> 20} MB")
            continue
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            yield Reject(source.name, number, f"not UTF-8: byte 0x{raw[error.start]:02x} at byte {error.start + 1}")
            continue
        yield number, text
