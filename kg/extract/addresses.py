"""Addresses in running text: found, mended and told apart. Plain strings in, plain values out.

Papers write them with markup around (``\\url{...}``), with a full stop behind, with the ``.git`` or ``/tree/main`` of
a browser, and broken by spaces and line ends where a PDF was read. A repository is named by host, owner and name only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

__all__ = ["Address", "covered", "find_addresses"]


class Address(NamedTuple):
    """A stretch of text that is an address. `kind` is "repository" or one of the schema's link kinds."""

    start: int
    end: int
    url: str
    kind: str


_HOSTS = "github|gitlab|bitbucket|codeberg"
# At most one break (spaces, or a line end with its indent) at each joint, so that the pattern stays linear.
_GAP = r"[ \t\r\n]{0,3}"
# A scheme may follow a letter ("available athttps://..."); a bare host may not.
_SCHEME = rf"(?:https?{_GAP}:{_GAP}/{_GAP}/{_GAP}|(?<![\w@./-]))"
_NAME = r"(?:\\?[\w.~-])"
_REPOSITORY = re.compile(
    rf"{_SCHEME}(?:www{_GAP}\.{_GAP})?"
    rf"(?P<host>(?:{_HOSTS}){_GAP}\.{_GAP}(?:com|org)|gitlab\.[\w-]{{1,40}}(?:\.[\w-]{{1,40}}){{1,3}})"
    rf"{_GAP}/{_GAP}\{{?(?P<owner>{_NAME}{{1,80}})\}}?"
    rf"{_GAP}/{_GAP}\{{?(?P<name>{_NAME}{{1,120}})(?P<rest>\}}?(?:/[^\s<>\"{{}}|\\^`]{{0,300}})?)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"(?:https?:[ ]?//|(?<![\w@./-])(?:ftp://|www\.))[^\s<>\"{}|\\^`]{2,500}"
    r"|(?<![\w@./-])(?:[\w-]{1,60}\.){1,4}(?:com|org|net|io|edu|ai|cn)/[\w./~%#?=&+-]{1,300}"
    r"|(?<![\w@./-])[\w-]{1,60}\.github\.io\b[\w./~%#?=&+-]{0,300}",
    re.IGNORECASE,
)
# What a match of either pattern holds, and how far before it a match may begin. Plain search is many times faster.
_REPOSITORY_MARKS, _BEFORE_HOST = tuple(_HOSTS.split("|")), 40
_OTHER_MARKS = ("http", "ftp://", "www.", ".com/", ".org/", ".net/", ".io/", ".edu/", ".ai/", ".cn/", ".github.io")
_BEFORE_MARK = 250
_SPACE = re.compile(r"\s+")
_TAIL = ".,;:!?'\"*"
_NOT_OWNERS = {"orgs", "topics", "sponsors", "marketplace", "features", "search", "explore", "settings", "collections"}
_NOT_NAMES = {"", ".", ".."}
# A name ends in a hyphen only where a line end or a space broke it: the rest follows.
_BROKEN_NAME = re.compile(rf"[ \t\r\n]{{1,3}}(?P<name>{_NAME}{{1,120}})")
_DOMAIN_KINDS = (
    ("arxiv.org", "arxiv"),
    ("doi.org", "doi"),
    ("youtube.com", "video"),
    ("youtu.be", "video"),
    ("vimeo.com", "video"),
    ("bilibili.com", "video"),
)


def find_addresses(text: str) -> Iterator[Address]:
    """Every address in `text`, in order, none inside another.

    >>> [a.url for a in find_addresses(r"\\url{https://github.com/a/b.git}. https: //github. com/c/d/tree/main.")]
    ['https://github.com/a/b', 'https://github.com/c/d']
    >>> [(a.url, a.kind) for a in find_addresses("(https://huggingface.co/datasets/x/y), https://doi.org/10.1/z.")]
    [('https://huggingface.co/datasets/x/y', 'dataset'), ('https://doi.org/10.1/z', 'doi')]
    """
    if not ("/" in text or "www." in text or ".io" in text):
        return
    low = text.lower()
    repositories = []
    if (start := _first(low, _REPOSITORY_MARKS, _BEFORE_HOST)) is not None:
        repositories = [a for m in _REPOSITORY.finditer(text, start) if (a := _repository(m, text)) is not None]
    start, at = _first(low, _OTHER_MARKS, _BEFORE_MARK), 0
    for other in _others(text, start, repositories) if start is not None else ():
        while at < len(repositories) and repositories[at].start < other.start:
            yield repositories[at]
            at += 1
        yield other
    yield from repositories[at:]


def covered(addresses: Sequence[Address]) -> bytearray:
    """A mark on every character up to the last address, 1 inside one: looking at each address in turn for each name
    would be quadratic in a text of many.

    >>> covered(list(find_addresses("at https://doi.org/10.1/z."))).find(1)
    3
    """
    marks = bytearray(max((a.end for a in addresses), default=0))
    for a in addresses:
        marks[a.start : a.end] = b"\1" * (a.end - a.start)
    return marks


def _repository(found: re.Match[str], text: str) -> Address | None:
    host = _SPACE.sub("", found["host"]).lower()
    owner = found["owner"].replace("\\", "")
    name, end = found["name"], found.end("name")
    if name.endswith("-") and (more := _BROKEN_NAME.match(text, end)):
        name, end = name + more["name"], more.end()
    else:
        end = found.end("rest")
    name = name.replace("\\", "").rstrip(".")
    name = name.removesuffix(".git").removesuffix(".")
    if name in _NOT_NAMES or owner.lower() in _NOT_OWNERS or owner.strip(".-") == "":
        return None
    while end > found.start() and text[end - 1] in _TAIL + ")]}/":
        end -= 1
    return Address(found.start(), end, f"https://{host}/{owner}/{name}", "repository")


def _first(low: str, marks: tuple[str, ...], before: int) -> int | None:
    """From where a pattern is to be tried; None if none of its marks is there. Beyond ASCII capitals are many things
    (the Kelvin sign is a k), so such texts are tried from the start."""
    if not low.isascii():
        return 0
    found = [at for mark in marks if (at := low.find(mark)) >= 0]
    return max(0, min(found) - before) if found else None


def _others(text: str, start: int, repositories: list[Address]) -> Iterator[Address]:
    at = 0
    for found in _OTHER.finditer(text, start):
        start = found.start()
        while at < len(repositories) and repositories[at].end <= start:
            at += 1
        if at < len(repositories) and repositories[at].start <= start:
            continue
        url = _trimmed(found[0])
        if len(url) > 6 and "." in url:
            whole = url.replace(" ", "")
            if re.match(rf"(?:{_HOSTS})\.(?:com|org)/", whole, re.IGNORECASE):
                whole = "https://" + whole
            yield Address(start, start + len(url), whole, _kind(whole))


def _trimmed(url: str) -> str:
    """Without punctuation of the sentence; a closing bracket stays where its opening one is part of the address."""
    url = url.split("](", 1)[0]
    while url:
        last = url[-1]
        if last in _TAIL or (last == ")" and url.count("(") < url.count(")")) or last == "]":
            url = url[:-1]
        else:
            break
    return url


def _kind(url: str) -> str:
    low = url.lower().replace(" ", "")
    low = low.removeprefix("http://").removeprefix("https://").removeprefix("www.")
    if low.startswith(("huggingface.co/", "hf.co/")):
        parts = low.split("/")[1:]
        if parts[0] in ("datasets", "spaces"):
            return parts[0][:-1]
        return "model" if len(parts) > 1 and parts[0] not in ("papers", "blog", "docs", "collections") else "page"
    for domain, kind in _DOMAIN_KINDS:
        if low.startswith(domain) or f".{domain}/" in low.split("/")[0] + "/":
            return kind
    return "page"
