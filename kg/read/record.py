"""One record of named fields (a JSON object, a row, an entry) into a Paper, whatever its source calls them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from kg import ids
from kg.errors import InputError
from kg.model import Paper
from kg.read.dates import iso_date, year_of

__all__ = ["FIELDS", "Columns", "checked", "identifiers", "paper_of"]

# Our field -> the input's column; what --map says.
Columns = Mapping[str, str]

# What a field is called where no one says otherwise, the surest name first. Compared in lower case with _ for spaces.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "paper_id", "paperid"),
    "title": ("title", "paper_title", "article_title"),
    "abstract": ("abstract", "summary", "paper_abstract", "abstract_note"),
    "year": ("year", "publication_year", "pub_year"),
    "date": ("date", "published", "publication_date", "update_date"),
    "url": ("url", "url_abs", "link", "paper_url"),
    "authors": ("authors", "author"),
    "author_count": ("author_count",),
    "doi": ("doi",),
    "arxiv": ("arxiv_id", "arxivid", "arxiv", "eprint"),
    "acl": ("acl_id",),
    "categories": ("categories",),
    "identifiers": ("identifiers",),
    "sources": ("sources",),
}
_PLACE = re.compile(r".+:\d+", re.DOTALL)
_HF_PAGE = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/papers/", re.IGNORECASE)
_NEW_ACL = re.compile(r"\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+$")
_ARCHIVE = re.compile(r"[a-z]+[.-][A-Za-z-]+")
_SCHEME = re.compile(r"(?:arxiv|doi|acl):.")


class _Unfit(Exception):
    """A value that no text can be made of."""


def checked(columns: Columns | None) -> Columns:
    """`columns`, or InputError where they name a field that papers do not have."""
    for field in columns or {}:
        if field not in FIELDS:
            raise InputError(f"papers have no field {field!r}", remedy="they have " + ", ".join(FIELDS))
    return dict(columns or {})


def paper_of(record: Mapping[str, object], place: str, columns: Columns, *, arxiv: bool = False) -> Paper | str:
    """The paper that a record read at `place` (``path:line``) is, or the reason why it is none.

    With `arxiv`, a bare id such as 2501.06184 is taken for the arXiv id it looks like.
    """
    names = _names(tuple(record), tuple(columns.items()))

    def get(field: str) -> object:
        name = names.get(field)
        return None if name is None else record[name]

    try:
        title = _text(get("title"), "title")
        abstract = _text(get("abstract"), "abstract") or ""
        given = _text(get("id"), "id")
    except _Unfit as unfit:
        return str(unfit)
    if title is None:
        return "no title" if "title" in names else f"no title: no field {columns.get('title', 'title')!r}"
    url, doi, eprint, acl = (_loose(get(f)) for f in ("url", "doi", "arxiv", "acl"))
    known = identifiers(given, url, doi, eprint, acl, _texts(get("identifiers")), arxiv=arxiv)
    date = iso_date(_loose(get("date")) or "")
    authors = _people(get("authors"))
    sources = _texts(get("sources"))
    return Paper(
        id=given or ids.paper_id(title=title, identifiers=known),
        title=title,
        abstract=abstract,
        year=_number(get("year"), 1000, 2999) or year_of(date),
        date=date,
        url=url,
        authors=authors,
        author_count=_number(get("author_count"), 0, 100_000) if not authors else len(authors),
        identifiers=known,
        categories=_categories(get("categories")),
        # A paper that kg read wrote keeps the places it was first read from.
        sources=sources if sources and all(map(_PLACE.fullmatch, sources)) else (place,),
    )


@lru_cache(maxsize=256)
def _names(keys: tuple[str, ...], columns: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Our field -> the record's own name for it."""
    mapped = dict(columns)
    plain: dict[str, str] = {}
    for key in keys:
        plain.setdefault(re.sub(r"[\s-]+", "_", key.strip().casefold()), key)
    names = {}
    for field, usual in FIELDS.items():
        if field in mapped:
            wanted = mapped[field]
            found = wanted if wanted in keys else plain.get(wanted.casefold())
        else:
            found = next((plain[name] for name in usual if name in plain), None)
        if found is not None:
            names[field] = found
    return names


def identifiers(
    id: str | None,
    url: str | None,
    doi: str | None = None,
    eprint: str | None = None,
    acl: str | None = None,
    given: Iterable[str] = (),
    *,
    arxiv: bool = False,
) -> tuple[str, ...]:
    """The sorted normal identifiers that these fields hold; what is none is passed over.

    >>> identifiers("2501.06184", "https://doi.org/10.1000/X"), identifiers("2501.06184", None, arxiv=True)
    (('doi:10.1000/x',), ('arxiv:2501.06184',))
    """
    found = {identifier for identifier in given if _SCHEME.match(identifier)}
    if eprint:
        found.add(ids.arxiv_identifier(eprint) or "")
    if doi:
        found.add(ids.doi_identifier(doi) or "")
    if acl:
        found.add(ids.acl_identifier(acl) or "")
    if id and arxiv:
        found.add(ids.arxiv_identifier(id) or "")
    found.update(i for text in (id, url) if text for i in _plain(text))
    # The Anthology makes its DOIs of its ids: so a paper known by one is known by the other.
    found.update([ids.acl_identifier(i) or "" for i in found if i.startswith(("doi:10.18653/", "doi:10.3115/"))])
    found.discard("")
    return tuple(sorted(found))


def _plain(text: str) -> Iterable[str]:
    """Identifiers in a text that says itself what it is: an address, or a name with its scheme."""
    low = text.casefold()
    if "arxiv" in low:
        yield ids.arxiv_identifier(text) or ids.doi_identifier(text) or ""
    elif "doi" in low or low.startswith("10."):
        yield ids.doi_identifier(text) or ""
    elif "acl" in low:
        if low.startswith("acl:") or "aclanthology.org/" in low or "aclweb.org/" in low or _NEW_ACL.match(text):
            yield ids.acl_identifier(text) or ""
    elif _HF_PAGE.match(text):
        yield ids.arxiv_identifier(_HF_PAGE.sub("", text)) or ""
    elif _NEW_ACL.match(text):
        yield ids.acl_identifier(text) or ""


def _text(value: object, field: str) -> str | None:
    """Text as it stands; a number as text; None for nothing, blank or NaN. Raises _Unfit for anything else."""
    if isinstance(value, str):
        return value if value.strip() else None
    if value is None or value != value:  # NaN alone differs from itself
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    kind = {dict: "an object", list: "a list", bool: "true or false"}.get(type(value), type(value).__name__)
    raise _Unfit(f"the {field} is {kind}, not text")


def _loose(value: object) -> str | None:
    """Text of a field that a paper can do without: the first of a list, None for what is no text."""
    if isinstance(value, list | tuple) and value:
        value = value[0]
    try:
        return _text(value, "")
    except _Unfit:
        return None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(v for v in value if isinstance(v, str) and v.strip()) if isinstance(value, list | tuple) else ()


def _categories(value: object) -> tuple[str, ...]:
    """From a list, or a text parted by semicolons or commas; arXiv parts its own by spaces ("cs.CL hep-ph")."""
    given = re.split(r"[;,]", value) if isinstance(value, str) else _texts(value)
    found: list[str] = []
    for text in given:
        words = text.split()
        found += words if all(_ARCHIVE.fullmatch(word) for word in words) else [text.strip()]
    return tuple(found)


def _number(value: object, low: int, high: int) -> int | None:
    if isinstance(value, str):
        value = int(value) if re.fullmatch(r"\s*\d{1,9}\s*", value) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) > high:
        return None
    return int(value) if int(value) == value and low <= value <= high else None


def _people(value: object) -> tuple[str, ...]:
    """Names as "First Last", from a list of names, of objects with a name, or one text."""
    if isinstance(value, str):
        return tuple(name for part in _cut(value) if (name := " ".join(part.split())))
    if not isinstance(value, list | tuple):
        return ()
    return tuple(name for v in value if (name := _person(v)))


def _cut(text: str) -> list[str]:
    """A text of names cut apart: at semicolons, else at "and", and at commas that do not turn a name round."""
    if ";" in text:
        return text.split(";")
    parts = re.split(r",?\s+and\s+", text)
    if len(parts) > 1 and all(part.count(",") == 1 for part in parts):
        return parts  # "Doe, Jane and Roe, Richard"
    names: list[str] = []
    for part in parts:
        pieces = part.split(",")
        names += pieces if all(len(piece.split()) > 1 for piece in pieces) else [part]
    return names


def _person(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Mapping):
        whole = value.get("name") or " ".join(str(value[k]) for k in ("first", "middle", "last") if value.get(k))
        return str(whole).strip()
    return ""
