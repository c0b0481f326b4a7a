"""Annotated papers from files of JSON lines, checked line by line, and from the extractor."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from kg.errors import InputError
from kg.evaluate.matching import FIELDS, Annotated
from kg.model import CodeStatus, Kind, Paper, Reject, Role

__all__ = ["Annotations", "extracted", "read_annotations", "scored"]

_CHOICES: Mapping[str, tuple[str, ...]] = {"role": get_args(Role), "kind": get_args(Kind)}
_SHAPE = '{"id": "1", "datasets": [{"name": "ImageNet", "mentions": ["ImageNet"], "role": "uses"}], ...}'


@dataclass(frozen=True, slots=True)
class Annotations:
    """The papers of a file, each id once, in order; `repeated` lines gave way to a later one with the same id."""

    path: str
    papers: tuple[Annotated, ...]
    repeated: int


def read_annotations(path: str | Path) -> Annotations:
    """Read JSON lines in the gold format, gzip too, - for standard input.

    Raises InputError with file, line and remedy at the first line that is none.
    """
    from kg.read.inputs import fault, opened
    from kg.read.lines import lines

    papers: dict[str, Annotated] = {}
    number = 0
    try:
        with opened(str(path)) as source:
            if reason := fault(source.head):
                raise InputError(reason, path=path, remedy="expected JSON lines, one paper a line")
            for line in lines(source):
                if isinstance(line, Reject):
                    raise InputError(line.reason, path=path, line=line.line, remedy="save the file as UTF-8 JSON lines")
                if line[1].isspace():
                    continue
                paper = _paper(path, *line)
                number += 1
                papers[paper["id"]] = paper
    except (OSError, EOFError) as e:  # EOFError: a gzip file that breaks off
        raise InputError(
            f"cannot be read: {getattr(e, 'strerror', None) or e}", path=path, remedy="check the name"
        ) from e
    return Annotations(str(path), tuple(papers.values()), number - len(papers))


def extracted(gold: Annotations, *, model: str | Path | None = None) -> Iterable[Annotated]:
    """What the extractor finds in the papers of `gold`, one after the other.

    Raises InputError where a paper has no text, ModelError.
    """
    from kg.extract import extract_papers
    from kg.extract.predicted import to_object

    papers = []
    for p in gold.papers:
        if "title" not in p and "abstract" not in p:
            what = f"paper {p['id']} has neither title nor abstract to extract from"
            raise InputError(what, path=gold.path, remedy="give the predictions as well: kg eval GOLD PREDICTED")
        papers.append(Paper(id=p["id"], title=p.get("title") or "", abstract=p.get("abstract") or ""))
    for paper, extraction in zip(papers, extract_papers(papers, model=model), strict=True):
        yield to_object(paper, extraction)


def scored(papers: Iterable[Annotated], at_least: float) -> Iterable[Annotated]:
    """The papers with those entities alone whose score reaches `at_least`, 0 to 1; one without a score stays."""
    for p in papers:
        kept = {f: [e for e in p.get(f, ()) if e.get("score", 1.0) >= at_least] for f in FIELDS if f in p}
        yield {**p, **kept}


def _paper(path: str | Path, number: int, text: str) -> Annotated:
    try:
        value = json.loads(text.strip())
    except (ValueError, RecursionError) as e:
        reason = f"not JSON: {e.msg} at column {e.colno}" if isinstance(e, json.JSONDecodeError) else "not JSON"
        raise InputError(reason, path=path, line=number, remedy="expected one JSON object a line") from e
    if problem := _problem(value):
        raise InputError(problem, path=path, line=number, remedy=f"a line looks so: {_SHAPE}")
    paper: Annotated = value
    return paper


def _problem(value: object) -> str | None:
    """What is wrong with a line; None if nothing is."""
    if not isinstance(value, dict):
        return "not a JSON object"
    if not (isinstance(value.get("id"), str) and value["id"]):
        return "no id, which is the text that tells papers apart"
    for key in ("title", "abstract"):
        if not isinstance(value.get(key), str | None):
            return f"{key} is no text"
    if not _texts(value.get("repos", [])):
        return "repos is no list of addresses"
    if "code" in value and value["code"] not in get_args(CodeStatus):
        return f"code is {value['code']!r}, not one of {', '.join(get_args(CodeStatus))}"
    for field in FIELDS:
        entities = value.get(field, [])
        if not isinstance(entities, list):
            return f"{field} is no list"
        for n, entity in enumerate(entities, 1):
            if problem := _entity_problem(entity):
                return f"{field}, number {n}: {problem}"
    return None


def _entity_problem(entity: Any) -> str | None:
    if not isinstance(entity, dict):
        return "not an object with a name"
    if not (isinstance(entity.get("name"), str) and entity["name"].strip()):
        return "no name"
    if not _texts(entity.get("mentions", [])):
        return f"the mentions of {entity['name']} are no list of texts"
    for key, allowed in _CHOICES.items():
        if key in entity and entity[key] not in allowed:
            return f"{key} of {entity['name']} is {entity[key]!r}, not one of {', '.join(allowed)}"
    score = entity.get("score", 1.0)
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
        return f"score of {entity['name']} is {score!r}, not a number from 0 to 1"
    return None


def _texts(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(v, str) for v in value)
