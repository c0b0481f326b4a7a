"""An Extraction as the JSON object of the gold format, with places, scores and sources for each mention."""

from __future__ import annotations

from typing import Any

from kg.model import Extraction, Mention, Paper

__all__ = ["to_object"]

_KEYS = {"Dataset": "datasets", "Method": "methods", "Task": "tasks"}


def to_object(paper: Paper, extraction: Extraction) -> dict[str, Any]:
    """One JSON-ready object: id, datasets, methods, tasks, repos, links, code.

    An entity has its name, its distinct surface forms in order of the text (`mentions`), its role and its kind where
    its type has them, its score (the highest of its mentions) and every place (`spans`).
    """
    entities: dict[tuple[str, str], list[Mention]] = {}
    repos: dict[str, None] = {}
    for m in extraction.mentions:
        if m.type == "Repository":
            repos[m.name] = None
        else:
            entities.setdefault((m.type, m.name), []).append(m)
    result: dict[str, Any] = {"id": paper.id, "title": paper.title, "datasets": [], "methods": [], "tasks": []}
    for (type_, name), mentions in entities.items():
        result[_KEYS[type_]].append(_entity(name, mentions))
    result["repos"] = list(repos)
    result["repo_spans"] = [_place(m) | {"url": m.name} for m in extraction.mentions if m.type == "Repository"]
    result["links"] = list(dict.fromkeys(link.url for link in extraction.links))
    result["link_kinds"] = {link.url: link.kind for link in extraction.links}
    result["code"] = extraction.code
    return result


def _entity(name: str, mentions: list[Mention]) -> dict[str, Any]:
    first = mentions[0]
    entity: dict[str, Any] = {"name": name, "mentions": list(dict.fromkeys(m.text for m in mentions))}
    if first.kind is not None:
        entity["kind"] = first.kind
    if first.role is not None:
        entity["role"] = first.role
    entity["score"] = max(m.score for m in mentions)
    entity["spans"] = [_place(m) for m in mentions]
    return entity


def _place(m: Mention) -> dict[str, Any]:
    place: dict[str, Any] = {"field": m.field, "start": m.start, "end": m.end, "text": m.text}
    if m.role is not None:
        place["role"] = m.role
    return place | {"source": m.source, "score": m.score}
