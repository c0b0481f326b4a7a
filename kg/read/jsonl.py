"""JSON: one paper a line, or one array of papers. Writes lines too, so that what is written reads back equal."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import asdict

from kg.model import Paper, Reject
from kg.read.inputs import Source
from kg.read.lines import LONGEST, lines
from kg.read.record import Columns, paper_of

__all__ = ["paper_line", "parsed", "read", "reject_line"]

_LONE = re.compile(r"[\ud800-\udfff]")
_PUNCTUATION = " \t\r\n,[]"


def read(source: Source, columns: Columns) -> Iterator[Paper | Reject]:
    """The papers of JSON lines, or of a JSON array."""
    for number, record in parsed(source):
        paper = record if isinstance(record, str) else paper_of(record, f"{source.name}:{number}", columns)
        yield Reject(source.name, number, paper) if isinstance(paper, str) else paper


def paper_line(paper: Paper) -> str:
    """One line of JSON, its line end included: what the paper has, and nothing for what is not known.

    >>> print(paper_line(Paper(id="1", title="Network In Network", year=2013)), end="")
    {"id": "1", "title": "Network In Network", "year": 2013}
    """
    return json.dumps({k: v for k, v in asdict(paper).items() if v not in (None, (), "")}, ensure_ascii=False) + "\n"


def reject_line(reject: Reject) -> str:
    """One line of JSON for a reject, its line end included.

    >>> print(reject_line(Reject("a.jsonl", 3, "no title")), end="")
    {"file": "a.jsonl", "line": 3, "reason": "no title"}
    """
    value = {"file": reject.path, "line": reject.line, "reason": reject.reason, "id": reject.id}
    # A path may hold bytes that are no UTF-8, as lone surrogates: escaped, they can be written.
    return json.dumps({k: v for k, v in value.items() if v is not None}) + "\n"


def parsed(source: Source) -> Iterator[tuple[int, dict[str, object] | str]]:
    """Each object with the line it starts on, or in its place the reason why it cannot be read."""
    head = source.head.removeprefix(codecs.BOM_UTF8).lstrip()
    # An array, or an object spread over lines.
    if head.startswith(b"[") or re.match(rb"\{[ \t]*\r?\n", head):
        yield from _values(source)
        return
    for line in lines(source):
        if isinstance(line, Reject):
            yield line.line or 0, line.reason
        elif not line[1].isspace():
            yield line[0], _object(line[1])


def _object(text: str) -> dict[str, object] | str:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        if text.lstrip().startswith("{") and not text.rstrip().endswith("}"):
            return "not JSON: the line breaks off"
        return f"not JSON: {error.msg.removesuffix(' at')} at column {error.colno}"
    except RecursionError:
        return "not read: JSON nested too deep"
    except ValueError as error:  # a number with thousands of digits
        return f"not read: {error}"
    return _fit(value, text)


def _fit(value: object, text: str) -> dict[str, object] | str:
    if not isinstance(value, dict):
        return "not a JSON object with the fields of a paper"
    # \ud83d alone is half a character: JSON lets it pass, nothing that writes UTF-8 does.
    if "\\ud" in text or "\\uD" in text:
        return _whole(value)
    return value


def _whole(value: dict[str, object]) -> dict[str, object] | str:
    if _LONE.search(json.dumps(value, ensure_ascii=False)):
        return "half a character: an unpaired surrogate such as \\ud83d"
    return value


def _values(source: Source) -> Iterator[tuple[int, dict[str, object] | str]]:
    """The objects of an array, or one after the other, in memory that one object needs."""
    decode = json.JSONDecoder().raw_decode
    utf8 = codecs.getincrementaldecoder("utf-8-sig")()
    buffer, line, at, more, brackets = "", 1, 0, True, 0
    while True:
        start = at
        while at < len(buffer) and buffer[at] in _PUNCTUATION:
            brackets += {"[": 1, "]": -1}.get(buffer[at], 0)
            at += 1
        line += buffer.count("\n", start, at)
        problem = None
        if at < len(buffer):
            try:
                value, end = decode(buffer, at)
            except json.JSONDecodeError as error:
                # Cut off by the end of the buffer, or wrong whatever follows?
                cut = "Unterminated" in error.msg or error.pos >= len(buffer) - 8
                problem = f"not JSON: {error.msg.removesuffix(' at')}" if not (more and cut) else None
            except (RecursionError, ValueError) as error:
                problem = "JSON nested too deep" if isinstance(error, RecursionError) else f"not read: {error}"
            else:
                yield line, _fit(value, buffer[at:end])
                line += buffer.count("\n", at, end)
                at = end
                continue
            if not problem and len(buffer) - at > LONGEST:
                problem = f"an object of more than {LONGEST >> 20} MB"
        if problem:
            yield line, f"{problem}; what follows in the array is left out"
            return
        if not more:
            if brackets > 0:
                yield line, "the array breaks off: its end is missing"
            return
        # Doubling keeps the work linear where an object is longer than the buffer.
        data = source.stream.read(max(1 << 16, len(buffer) - at))
        more = bool(data)
        try:
            buffer = buffer[at:] + utf8.decode(data, final=not more)
        except UnicodeDecodeError as error:
            yield line, f"not UTF-8: byte 0x{error.object[error.start]:02x}; what follows is left out"
            return
        at = 0
