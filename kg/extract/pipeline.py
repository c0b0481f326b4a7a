"""Opens the pipeline, runs papers through it in batches, and turns each Doc into an Extraction."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TypeVar, cast

import spacy
from spacy.attrs import IS_SPACE, LOWER, NORM, PREFIX, SHAPE, SUFFIX  # type: ignore[import-not-found]
from spacy.language import Language
from spacy.tokens import Doc

import kg.extract.acronyms
import kg.extract.cues
import kg.extract.links
import kg.extract.lookup
import kg.extract.names
import kg.extract.scorer
import kg.extract.sentences
import kg.extract.tokenizer
import kg.extract.transformer  # noqa: F401  (importing them registers the factories)
from kg.errors import ModelError
from kg.extract.acronyms import Pair, find_pairs
from kg.extract.addresses import Address, covered, find_addresses
from kg.extract.entities import Found, group_key, settle
from kg.extract.lexicon import CLASSES, Entry, listed
from kg.extract.lexicon.learned import best_class
from kg.extract.links import code_status
from kg.extract.lookup import Lookup
from kg.extract.names import Names
from kg.extract.notes import GROUP, Detail, detail_of, offsets, text_of
from kg.extract.roles import Roles
from kg.extract.sentences import sentence_bounds
from kg.extract.stored import SMALL
from kg.extract.text import compose, place
from kg.model import Extraction, Kind, Link, Mention, Paper

__all__ = ["Extractor", "load", "opened"]

_C = TypeVar("_C")
_BATCH = 64
_AGREED = 2  # papers from which on their name for a form is believed
_BRACKET = re.compile(r"\s*\([^()]*\)$")
# spaCy keeps every word it has ever seen; a memory zone forgets them. One zone serves this many papers, since words
# that come back are cheap only within a zone.
_ZONE = 16384
# Labels that pipelines from elsewhere use, as (type, kind).
_LABELS: dict[str, tuple[str, Kind | None]] = {
    "dataset": ("Dataset", None),
    "task": ("Task", None),
    "method": ("Method", "named"),
    "named": ("Method", "named"),
    "technique": ("Method", "technique"),
    "software": ("Method", "software"),
}


def load(model: str | Path | None = None, *, exclude: Sequence[str] = (), own: Sequence[Entry] = ()) -> Language:
    """The spaCy pipeline: the shipped one, one saved in a folder, or an installed package. Raises ModelError.

    `exclude` names components to leave out; `own` are names of one's own, for which a component is added.
    """
    try:
        nlp = spacy.load(model or SMALL, exclude=exclude)
    except (OSError, ValueError) as e:
        what = str(e).split("\n", 1)[0]
        raise ModelError(
            f"no spaCy pipeline: {what}", path=model or SMALL, remedy="give a folder or an installed package"
        ) from e
    if all(nlp.get_pipe_meta(name).factory.startswith("kg_") for name in nlp.pipe_names):
        # A new word costs spaCy some twenty Python calls (is it a number, an address, ...); these are what is asked.
        getters = nlp.vocab.lex_attr_getters  # type: ignore[attr-defined]
        asked = {k: getters[k] for k in (NORM, LOWER, SHAPE, PREFIX, SUFFIX, IS_SPACE)}
        nlp.vocab.lex_attr_getters = asked  # type: ignore[attr-defined]
    if own:
        _add(nlp, own)
    return nlp


def _add(nlp: Language, own: Sequence[Entry]) -> None:
    """Names of one's own go before those that the pipeline has been saved with."""
    for component in _components(nlp, Names):
        component.entries = (*own, *component.entries)
        return
    roles = next((name for name, component in nlp.components if isinstance(component, Roles)), None)
    names = nlp.add_pipe("kg_names", name="names", before=roles)
    cast(Names, names).entries = tuple(own)


def _components(nlp: Language, kind: type[_C]) -> list[_C]:
    return [component for _, component in nlp.components if isinstance(component, kind)]


@lru_cache(maxsize=4)
def opened(model: str | None, own: tuple[Entry, ...] = ()) -> Extractor:
    """The extractor of `model` and of names of one's own, made once a process."""
    return Extractor(load(model, own=own))


def _canonical(nlp: Language) -> dict[tuple[str, str], str]:
    """Canonical names by (type, group key): one's own, those kept by hand, then those on which the papers agree that
    the model was taught with."""
    own = [e for names in _components(nlp, Names) for e in names.entries]
    names: dict[tuple[str, str], str] = {}
    for entry in [*own, *(e for e in listed() if e.source == "curated")]:
        for form in (entry.name, *entry.aliases):
            names.setdefault((entry.type, group_key(form)), entry.name)
    for s in [s for lookup in _components(nlp, Lookup) for s in lookup.learned.surfaces]:
        best = best_class(s.counts)
        if s.counts[best] >= _AGREED and s.counts[best] * 2 >= s.papers:
            name = _BRACKET.sub("", s.name)
            for form in (s.surface, name):
                names.setdefault((CLASSES[best][0], group_key(form)), name)
    # A name that is itself a form of another name leads on to it.
    return {(t, k): names.get((t, group_key(n)), n) for (t, k), n in names.items()}


class Extractor:
    """Runs papers through a pipeline. Holds a memory zone open; what comes out of it are plain values."""

    def __init__(self, nlp: Language) -> None:
        self.nlp = nlp
        self.canonical = _canonical(nlp)
        self._zone = ExitStack()
        self._seen = _ZONE

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        """One Extraction a paper, in order."""
        stream = iter(papers)
        while batch := list(islice(stream, _BATCH)):
            # A batch is finished before anything is handed out: no Doc is alive when a zone closes.
            yield from self._batch(batch)

    def _batch(self, papers: list[Paper]) -> list[Extraction]:
        if self._seen >= _ZONE:
            self._zone.close()
            self._zone.enter_context(self.nlp.memory_zone())
            self._seen = 0
        self._seen += len(papers)
        tokenize = self.nlp.tokenizer
        docs = self.nlp.pipe((tokenize(compose(p)) for p in papers), batch_size=_BATCH)
        return [self._extraction(p, d) for p, d in zip(papers, docs, strict=True)]

    def _extraction(self, paper: Paper, doc: Doc) -> Extraction:
        text = text_of(doc)
        noted = doc.user_data
        addresses: list[Address] = noted["kg.addresses"] if "kg.addresses" in noted else list(find_addresses(text))
        pairs: list[Pair] = noted["kg.pairs"] if "kg.pairs" in noted else list(find_pairs(text))
        found = settle(text, list(_found(doc, text, addresses)), pairs, self.canonical)
        if given := [(i, j, d) for (i, j, _), d in noted.get(GROUP, {}).items() if d.name]:
            starts, ends = offsets(doc)
            found = _renamed(found, {(int(starts[i]), int(ends[j - 1])): d for i, j, d in given})
        found += [
            Found(a.start, a.end, text[a.start : a.end], "Repository", None, None, "links", 1.0, a.url)
            for a in addresses
            if a.kind == "repository"
        ]
        bounds: list[int] = noted["kg.sentences"] if "kg.sentences" in noted else sentence_bounds(text)
        mentions = [m for f in found if (m := _mention(f, paper, bounds)) is not None]
        mentions.sort(key=lambda m: (m.field != "title", m.start, m.end, m.type, m.name))
        return Extraction(
            paper_id=paper.id,
            mentions=tuple(mentions),
            links=tuple(dict.fromkeys(Link(a.url, a.kind) for a in addresses if a.kind != "repository")),
            code=noted["kg.code"] if "kg.code" in noted else code_status(text, addresses),
            pairs=tuple(_typed_pairs(pairs, found)),
        )


def _found(doc: Doc, text: str, addresses: list[Address]) -> Iterator[Found]:
    """The spans of the Doc as plain values; a name that stands only inside an address is no mention."""
    if GROUP not in doc.spans:
        return
    inside = covered(addresses)
    for span in doc.spans[GROUP]:
        label = span.label_
        type_, kind = _LABELS.get(label.lower(), (label, None))
        if type_ == "Repository":
            continue
        start, end = span.start_char, span.end_char
        if inside.find(1, start, end) >= 0:
            continue
        detail = detail_of(doc, span)
        yield Found(start, end, text[start:end], type_, detail.kind or kind, detail.role, detail.source, detail.score)


def _renamed(found: list[Found], given: Mapping[tuple[int, int], Detail]) -> list[Found]:
    """With the names and kinds that a component is certain of, for all mentions of their entities."""
    certain = {(f.type, f.name): d for f in found if (d := given.get((f.start, f.end)))}
    names = {entity: (d.name or entity[1], d.kind) for entity, d in certain.items()}
    return [
        f._replace(name=names[f.type, f.name][0], kind=names[f.type, f.name][1]) if (f.type, f.name) in names else f
        for f in found
    ]


def _mention(f: Found, paper: Paper, bounds: list[int]) -> Mention | None:
    placed = place(f.start, f.end, len(paper.title))
    if placed is None:
        return None
    field, start, end = placed
    shift = f.start - start
    length = len(paper.title if field == "title" else paper.abstract)
    i = bisect_right(bounds, f.start) - 1
    after = bounds[i + 1] if i + 1 < len(bounds) else shift + length
    return Mention(
        field=field,
        start=start,
        end=end,
        text=f.text if "\ufffd" not in f.text else getattr(paper, field)[start:end],
        type=f.type,
        name=f.name,
        source=f.source,
        score=f.score,
        sentence_start=max(0, bounds[i] - shift),
        sentence_end=max(end, min(after - shift, length)),
        kind=f.kind,
        role=f.role if f.type in ("Dataset", "Method") else None,
    )


def _typed_pairs(pairs: list[Pair], found: list[Found]) -> Iterator[tuple[str, str, str]]:
    """The pairs with the type that one of their two places was given; pairs of nothing are left out."""
    types = {(f.start, f.end): f.type for f in found}
    seen = set()
    for p in pairs:
        type_ = types.get((p.short_start, p.short_start + len(p.short)))
        type_ = type_ or types.get((p.long_start, p.long_start + len(p.long)))
        if type_ and (triple := (p.short, " ".join(p.long.split()), type_)) not in seen:
            seen.add(triple)
            yield triple
