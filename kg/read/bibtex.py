"""BibTeX by the bibtexparser library, one block at a time, so that a library of any size is streamed."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.model import Paper, Reject
from kg.read.dates import iso_date
from kg.read.inputs import Source
from kg.read.latex import plain
from kg.read.lines import LONGEST, lines
from kg.read.record import FIELDS, Columns, paper_of

if TYPE_CHECKING:
    from bibtexparser.model import Block, Entry, String

__all__ = ["BLOCK", "read"]

# Where the library, too, sees a new block, and gives up one that is still open.
BLOCK = re.compile(r"[ \t]*@\w+[ \t]*[{(]")
_ARXIV = re.compile(r"arxiv:\s*(\S+?)[\]\s]*$|^abs/(\S+)$", re.IGNORECASE)
_WANTED = {name for names in FIELDS.values() for name in names} - {"id", "url", "doi", "eprint", "author", "authors"}
_NO_PAPER = {"comment", "preamble", "string", "proceedings", "set", "xdata"}


def read(source: Source, columns: Columns) -> Iterator[Paper | Reject]:
    """The papers of a bibliography; the entry's key is the id. Entries with no title are set aside."""
    # It reports every mistake as a warning as well as in what it returns.
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    strings: list[String] = []
    for piece in _pieces(source):
        if isinstance(piece, Reject):
            yield piece
            continue
        number, text = piece
        yield from _papers(text, source.name, number, columns, strings)


def _pieces(source: Source) -> Iterator[tuple[int, str] | Reject]:
    """The text from one block's start to the next, with its first line's number."""
    start, piece, size = 1, list[str](), 0
    for line in lines(source):
        if isinstance(line, Reject):
            piece.append("\n")  # the lines after it keep their numbers
            yield line
            continue
        number, text = line
        if BLOCK.match(text):
            yield start, "".join(piece)
            start, piece, size = number, [], 0
        size += len(text)
        if size <= LONGEST:
            piece.append(text)
        elif size - len(text) <= LONGEST:
            yield Reject(source.name, start, f"an entry of more than {LONGEST >> 20} MB")
            piece = []
    yield start, "".join(piece)


def _papers(text: str, path: str, number: int, columns: Columns, strings: list[String]) -> Iterator[Paper | Reject]:
    if not BLOCK.match(text):
        return  # between entries, all is comment
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.library import Library
    from bibtexparser.model import Entry, ParsingFailedBlock, String

    try:
        blocks: list[Block] = parse_string(text, library=Library(list(strings))).blocks
    except Exception as error:  # the library is young: whatever it raises is about this entry alone
        yield Reject(path, number, f"not BibTeX: {error}")
        return
    for block in blocks[len(strings) :]:
        if isinstance(block, String):
            strings.append(block)
        elif isinstance(block, Entry) and block.entry_type.lower() not in _NO_PAPER:
            yield _paper(block, path, number + (block.start_line or 0), columns)
        elif isinstance(block, ParsingFailedBlock):
            why = getattr(block.error, "abort_reason", None) or str(block.error)
            yield Reject(path, number + (block.start_line or 0), "not BibTeX: " + " ".join(why.split()))


def _paper(entry: Entry, path: str, number: int, columns: Columns) -> Paper | Reject:
    fields = {f.key.lower(): f.value if isinstance(f.value, str) else str(f.value) for f in entry.fields}
    wanted = _WANTED | {name.casefold() for name in columns.values()}
    record: dict[str, object] = {"id": entry.key}
    record.update({key: plain(value) for key, value in fields.items() if key in wanted})
    scheme = fields.get("archiveprefix", fields.get("eprinttype", "arxiv")).casefold()
    # An export of a search engine has the arXiv id in the journal ("arXiv preprint arXiv:2301.00001") or volume.
    elsewhere = (m[1] or m[2] for key in ("journal", "volume", "note") if (m := _ARXIV.search(fields.get(key, ""))))
    record["eprint"] = fields.get("eprint") if scheme == "arxiv" else None
    record["eprint"] = record["eprint"] or next(elsewhere, None)
    for key in ("url", "doi"):  # addresses are written as they are, or with a backslash before each mark
        if key in fields:
            record[key] = re.sub(r"\\(?=[_%#&~])", "", fields[key])
    authors = tuple(name for part in _people(fields.get("author", "")) if (name := _turned(part)))
    record["authors"] = list(authors)
    if "date" not in fields:
        record["date"] = f"{fields.get('month', '')} {fields.get('year', '')}"
    paper = paper_of(record, f"{path}:{number}", columns)
    if isinstance(paper, str):
        return Reject(path, number, paper, entry.key)
    return paper if paper.date else replace(paper, date=iso_date(fields.get("year", "")))


def _people(names: str) -> list[str]:
    """Names parted at "and", which within braces belongs to a name ("{Barnes and Noble}")."""
    parts, depth, part = list[str](), 0, list[str]()
    for word in re.split(r"(\s+)", names):
        if depth == 0 and word.lower() == "and":
            parts.append("".join(part))
            part = []
        else:
            part.append(word)
            depth += word.count("{") - word.count("}")
    return [*parts, "".join(part)]


def _turned(name: str) -> str:
    """ "Last, First" and "Last, Jr, First" the way round they are said; "others" is nobody."""
    depth, cuts = 0, list[int]()
    for at, character in enumerate(name):
        depth += (character == "{") - (character == "}")
        if character == "," and depth == 0:
            cuts.append(at)
    parts = [plain(name[a:b]) for a, b in zip([0, *(c + 1 for c in cuts)], [*cuts, len(name)], strict=True)]
    ordered = [parts[-1], *parts[:-1]] if len(parts) > 1 else parts
    whole = " ".join(part for part in ordered if part)
    return "" if whole == "others" else whole
