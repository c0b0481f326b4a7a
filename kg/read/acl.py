"""ACL Anthology XML, as in https://github.com/acl-org/acl-anthology (data/xml): streamed, a paper at a time."""

from __future__ import annotations

import xml.parsers.expat as expat
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kg import ids
from kg.model import Paper, Reject
from kg.read.dates import iso_date, year_of
from kg.read.inputs import Source
from kg.read.lines import LONGEST
from kg.read.record import Columns, identifiers

__all__ = ["anthology_id", "read"]

_CHUNK = 1 << 16
# Children of <paper> whose text is wanted; markup inside them (<fixed-case>, <b>, <tex-math>, <url>) is flattened.
_TEXTS = {"title", "abstract", "url", "doi", "year", "month"}
_PEOPLE = {"author"}
_DEEPEST = 100


def anthology_id(collection: str, volume: str, paper: str) -> str:
    """The id that the Anthology makes of the three numbers: two digits for the volume of a workshop, else one.

    >>> anthology_id("2022.acl", "long", "1"), anthology_id("P18", "1", "1"), anthology_id("W18", "5", "12")
    ('2022.acl-long.1', 'P18-1001', 'W18-0512')
    """
    if collection[:1].isdigit() or not (volume.isdigit() and paper.isdigit()):
        return f"{collection}-{volume}.{paper}"
    two = collection.startswith("W") or collection == "C69" or (collection == "D19" and int(volume) >= 5)
    return f"{collection}-{int(volume):02}{int(paper):02}" if two else f"{collection}-{int(volume)}{int(paper):03}"


def read(source: Source, columns: Columns) -> Iterator[Paper | Reject]:
    """The papers of one Anthology file, its front matter aside. Has no columns to rename."""
    reader = _Reader(source.name)
    while True:
        chunk = source.stream.read(_CHUNK)
        try:
            reader.parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            reader.done.append(
                Reject(source.name, error.lineno, f"not well-formed XML: {expat.ErrorString(error.code)}")
            )
            chunk = b""
        except (LookupError, ValueError) as error:  # an encoding that is not known
            reader.done.append(Reject(source.name, 1, str(error)))
            chunk = b""
        except _Refused as refused:
            reader.done.append(Reject(source.name, reader.parser.CurrentLineNumber, str(refused)))
            chunk = b""
        while reader.done:
            yield reader.done.popleft()
        if not chunk:
            return


class _Refused(Exception):
    """XML that is no Anthology file, or one made to fill the memory."""


@dataclass(slots=True)
class _Entry:
    """A paper while it is read."""

    number: str
    line: int
    texts: dict[str, str] = field(default_factory=dict)
    authors: list[str] = field(default_factory=list)


class _Reader:
    """Follows the parser through <collection>, <volume>, <meta> and <paper>."""

    def __init__(self, path: str) -> None:
        self.done: deque[Paper | Reject] = deque()
        self._path = path
        self._open: list[str] = []
        self._collection = self._volume = ""
        self._meta: dict[str, str] = {}
        self._entry: _Entry | None = None
        self._text: list[str] = []
        self._length = 0
        self._name: dict[str, str] = {}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.EntityDeclHandler = self._refuse

    def _refuse(self, *_: object) -> None:
        # Entities can stand for gigabytes, or for files; the Anthology has none.
        raise _Refused("XML that declares entities is not read")

    def _characters(self, text: str) -> None:
        self._text.append(text)
        self._length += len(text)
        if self._length > LONGEST:
            raise _Refused(f"an element of more than {LONGEST >> 20} MB of text")

    def _clear(self) -> None:
        self._text.clear()
        self._length = 0

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if not self._open and tag != "collection":
            raise _Refused(f"XML of another kind: <{tag}> where the ACL Anthology has <collection>")
        if len(self._open) > _DEEPEST:
            raise _Refused("XML nested too deep")
        self._open.append(tag)
        depth = len(self._open)
        if depth == 1:
            self._collection = attributes.get("id", "")
        elif depth == 2 and tag == "volume":
            self._volume, self._meta = attributes.get("id", ""), {}
        elif depth == 3 and tag == "paper":
            self._entry = _Entry(attributes.get("id", ""), self.parser.CurrentLineNumber)
        elif depth == 4:
            self._clear()
            self._name = {}
        elif depth == 5 and self._open[3] in _PEOPLE:
            self._clear()

    def _end(self, tag: str) -> None:
        depth, inside = len(self._open), self._open[2:3]
        self._open.pop()
        if depth == 5 and self._open[3] in _PEOPLE:
            # <variant>, a name in another script, lies deeper than this.
            self._name[tag] = "".join(self._text).strip()
        elif depth == 4:
            self._field(tag, inside[0])
        elif depth == 3 and self._entry is not None:
            self.done.append(self._paper(self._entry))
            self._entry = None
        if depth <= 4:
            self._clear()

    def _field(self, tag: str, parent: str) -> None:
        text = "".join(self._text).strip()
        if parent == "meta" and tag in _TEXTS:
            self._meta[tag] = text
        elif self._entry is not None and tag in _TEXTS:
            self._entry.texts.setdefault(tag, text)
        elif self._entry is not None and tag in _PEOPLE:
            name = " ".join(part for key in ("first", "last") if (part := self._name.get(key)))
            self._entry.authors += [name] if name else []

    def _paper(self, entry: _Entry) -> Paper | Reject:
        texts = {**self._meta, **entry.texts}
        # <url> of a paper holds its id; only where it is absent is the id made of the numbers.
        known = ids.acl_identifier(entry.texts.get("url", ""))
        id = known.removeprefix("acl:") if known else anthology_id(self._collection, self._volume, entry.number)
        title = entry.texts.get("title", "")
        if not title:
            return Reject(self._path, entry.line, "no title", id)
        year = texts.get("year", "")
        date = iso_date(f"{texts.get('month', '').split('-')[0]} {year}") or iso_date(year)
        return Paper(
            id=id,
            title=title,
            abstract=entry.texts.get("abstract", ""),
            year=year_of(date),
            date=date,
            url=f"https://aclanthology.org/{id}/",
            authors=tuple(entry.authors),
            author_count=len(entry.authors) or None,
            identifiers=identifiers(None, None, doi=entry.texts.get("doi"), acl=id),
            sources=(f"{self._path}:{entry.line}",),
        )
