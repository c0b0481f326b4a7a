"""Names of one's own: files that people bring along (--lexicon), and what comes of them beside the other names.

The columns are those of the files of the package, of which `name` and `type` are needed. Standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import LexiconError
from kg.extract.lexicon import CLASSES, COLUMNS, Entry, listed
from kg.extract.lexicon.learned import Learned
from kg.extract.text import folded
from kg.ids import entity_id

__all__ = ["NAMES", "entries", "parse_own", "read_own", "written"]

NAMES = "names.tsv"  # in a saved pipeline
_NEEDED = ("name", "type")
_TYPES = tuple(dict.fromkeys(type_ for type_, _ in CLASSES))
_KINDS = tuple(kind for _, kind in CLASSES if kind)
_HEADING = "name<TAB>type, and as many of " + ", ".join(COLUMNS[2:]) + " as you need"
_LINE = re.compile(r"\r\n|\n|\r")
_URL = re.compile(r"https?://[^\s/]+\.[^\s]+$|https?://localhost\S*$")


@dataclass(slots=True)
class _Rows:
    """What is read so far, and where each form was met, by the form as it is looked up."""

    entries: list[Entry]
    met: dict[str, tuple[Entry, Path, int]]
    wrong: list[LexiconError]


def read_own(files: Iterable[str | Path]) -> tuple[Entry, ...]:
    """The names of the files, in order. Raises LexiconError, which holds all that is wrong with them."""
    return _parsed((_data(path), path) for path in map(Path, files))


def parse_own(data: bytes, path: Path) -> tuple[Entry, ...]:
    """The names of one file. Raises LexiconError."""
    return _parsed([(data, path)])


def _parsed(files: Iterable[tuple[bytes, Path]]) -> tuple[Entry, ...]:
    rows = _Rows([], {}, [])
    for data, path in files:
        _read(data, path, rows)
    if rows.wrong:
        raise LexiconError.of(rows.wrong)
    return tuple(rows.entries)


def _data(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as e:
        why = e.strerror or str(e)
        raise LexiconError(f"the lexicon cannot be read: {why}", path=path, remedy="name a .tsv file") from e


def _read(data: bytes, path: Path, rows: _Rows) -> None:
    try:
        lines = _LINE.split(data.decode("utf-8-sig"))
    except UnicodeDecodeError as e:
        at = data[: e.start].count(b"\n") + 1
        rows.wrong.append(LexiconError("is not UTF-8", path=path, line=at, remedy="save it as UTF-8"))
        return
    columns: list[str] | None = None
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [c.strip() for c in line.split("\t")]
        try:
            if columns is None:
                columns = _columns(cells)
            else:
                _add(_entry(columns, cells), path, number, rows)
        except LexiconError as e:
            rows.wrong.append(LexiconError(e.what, path=path, line=number, remedy=e.remedy))
            if columns is None:
                return
    if columns is None:
        rows.wrong.append(LexiconError("no names in it", path=path, remedy=f"first line: {_HEADING}"))


def _columns(cells: list[str]) -> list[str]:
    strange = [c for c in cells if c not in COLUMNS]
    if strange or len(set(cells)) < len(cells) or not set(_NEEDED) <= set(cells):
        what = f"{strange[0]!r} is no column" if strange else "the columns are not name, type, ... once each"
        raise LexiconError(what, remedy=f"first line: {_HEADING}")
    return cells


def _entry(columns: list[str], cells: list[str]) -> Entry:
    if len(cells) > len(columns):
        raise LexiconError(f"{len(cells)} columns where {len(columns)} are due", remedy="one tab between two columns")
    row = dict.fromkeys(COLUMNS, "") | dict(zip(columns, cells, strict=False))
    name, type_, kind = row["name"], row["type"], row["kind"]
    aliases = tuple(dict.fromkeys(a.strip() for a in row["aliases"].split("|") if a.strip()))
    if not name:
        raise LexiconError("a row without a name", remedy="give it one, or begin the line with #")
    if type_ not in _TYPES:
        raise LexiconError(f"{type_!r} is no type", remedy=f"one of {', '.join(_TYPES)}")
    if type_ == "Method" and kind not in ("", *_KINDS):
        raise LexiconError(f"{kind!r} is no kind of method", remedy=f"one of {', '.join(_KINDS)}, or nothing for named")
    if type_ != "Method" and kind:
        raise LexiconError(f"a kind, {kind!r}, of a {type_}", remedy="only methods have one")
    for form in (name, *aliases):
        if sum(c.isalnum() for c in form) < 2:
            raise LexiconError(f"{form!r} would stand everywhere", remedy="two letters or digits at least")
    if row["url"] and not _URL.match(row["url"]):
        raise LexiconError(f"{row['url']!r} is no address", remedy="https://... in full")
    if row["exact"] not in ("", "0", "1"):
        raise LexiconError(
            f"exact is {row['exact']!r}", remedy="1 if only this very spelling counts, else 0 or nothing"
        )
    if type_ == "Method":
        kind = kind or "named"
    variant_of, url = row["variant_of"] or None, row["url"] or None
    return Entry(name, type_, kind or None, aliases, variant_of, url, row["exact"] == "1", "own")


def _add(entry: Entry, path: Path, line: int, rows: _Rows) -> None:
    for form in (entry.name, *entry.aliases):
        other, where, at = rows.met.setdefault(_key(form), (entry, path, line))
        if (other.name, other.type, other.kind) != (entry.name, entry.type, entry.kind):
            place = f"line {at}" if where == path else f"{where}:{at}"
            says = f"{form!r} is a {entry.type} here, and {other.name!r}, a {other.type}, in {place}"
            raise LexiconError(says, remedy="a name stands for one thing: leave it in one of the two rows")
    rows.entries.append(entry)


def _key(form: str) -> str:
    return " ".join(folded(form).split())


def written(own: Iterable[Entry]) -> bytes:
    """A file that read_own reads back."""
    rows = [
        [e.name, e.type, e.kind or "", "|".join(e.aliases), e.variant_of or "", e.url or "", str(int(e.exact))]
        for e in own
    ]
    return ("\n".join(map("\t".join, [COLUMNS, *rows])) + "\n").encode()


def entries(own: Sequence[Entry], learned: Iterable[Learned]) -> tuple[Entry, ...]:
    """All that names are resolved by: one's own names, those kept by hand, those that a model has learned, the lists.

    Each (type, name) once. What one's own names claim the others lose, and what another entry had for a claimed name
    becomes one's own. A base that nobody knows is an entry by itself.
    """
    kept = [e for e in listed() if e.source == "curated"]
    rest = [e for e in listed() if e.source != "curated"]
    found: dict[tuple[str, str], Entry] = {}
    for entry in [*kept, *(e for one in learned for e in one.entries()), *rest]:
        found.setdefault((entry.type, entry.name), entry)
    return (*_claimed(own, found.values()),) if own else tuple(found.values())


def _claimed(own: Sequence[Entry], others: Iterable[Entry]) -> Iterator[Entry]:
    claims = {entity_id(e.type, form): e for e in own for form in (e.name, *e.aliases)}
    gained: dict[tuple[str, str], list[str]] = {}
    left = []
    for other in others:
        owner = claims.get(entity_id(other.type, other.name))
        free = tuple(a for a in other.aliases if entity_id(other.type, a) not in claims)
        if owner is None:
            left.append(other if free == other.aliases else replace(other, aliases=free))
        else:
            gained.setdefault((owner.type, owner.name), []).extend((other.name, *free))
    known = claims.keys() | {entity_id(e.type, form) for e in left for form in (e.name, *e.aliases)}
    for e in own:
        more = gained.pop((e.type, e.name), ())
        yield replace(e, aliases=tuple(dict.fromkeys((*e.aliases, *more)))) if more else e
        if e.variant_of and (base := entity_id(e.type, e.variant_of)) not in known:
            known |= {base}
            yield Entry(e.variant_of, e.type, e.kind, (), None, None, False, "own")
    yield from left
