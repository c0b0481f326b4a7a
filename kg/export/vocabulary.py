"""The words that RDF exports use: prefixes, the terms that schema/kg.yaml does not give, and the two generated files.

schema/generated/ontology.ttl defines every class and predicate of ours; context.jsonld names all of them for JSON-LD.
Make both anew after a change of the schema: python -m kg.export.vocabulary
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kg import schema
from kg.export.iri import KG
from kg.resources import folder

__all__ = ["PREFIXES", "Term", "context", "ontology", "terms"]

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "kg": KG,
        "owl": "http://www.w3.org/2002/07/owl#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
_NUMBERS = {"integer": "xsd:integer", "number": "xsd:double"}


@dataclass(frozen=True, slots=True)
class Term:
    """A class (`range` is "class"), or a predicate with what its values are.

    `range` of a predicate: "iri" for things and addresses, "" for text, else a datatype. `domain` and `targets` name
    classes, and are empty where anything may stand there.
    """

    name: str
    about: str
    range: str
    domain: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    above: str = ""


_S, _E = ("kg:Statement",), ("kg:Evidence",)
# What stands behind a plain triple. Reified as RDF 1.1 has it, since that is what every tool reads.
_BEHIND = (
    Term("kg:Statement", "A triple of the graph, together with what it rests on.", "class", above="rdf:Statement"),
    Term("kg:Evidence", "A stretch of a paper's text that a statement rests on.", "class"),
    Term("kg:evidence", "A stretch of text that the statement rests on.", "iri", _S, _E),
    Term("kg:restsOn", "A paper that the statement follows from.", "iri", _S, ("kg:Paper",)),
    Term("kg:quote", "The sentence around the words.", "", _E),
    Term("kg:text", "The words themselves.", "", _E),
    Term("kg:inField", "title or abstract: where the words stand.", "", _E),
    Term("kg:start", "Where the words begin in that field, in Unicode code points from 0.", "xsd:integer", _E),
    Term("kg:end", "Where the words end in that field: the code point after the last.", "xsd:integer", _E),
    Term("kg:foundBy", "The component of the extractor, or the source, that said so.", "", (*_S, *_E)),
    Term("kg:score", "0 to 1: how sure the extractor is.", "xsd:double", (*_S, *_E)),
    Term("kg:linkKind", "What a link of a paper leads to: model, dataset, space, doi, arxiv, video, page.", ""),
    Term("kg:linkText", "An address as the text has it, which is no address that could be an IRI.", ""),
)
_BORROWED = (
    Term("rdf:subject", "", "iri"),
    Term("rdf:predicate", "", "iri"),
    Term("rdf:object", "", "iri"),
    Term("schema:sameAs", "", "iri"),
)


def terms() -> dict[str, Term]:
    """Every class and predicate that an export may hold, by its name as ``prefix:name``, ours and others'."""
    known = schema.load()
    found = {f"kg:{t.name}": Term(f"kg:{t.name}", t.description, "class", above=t.rdf) for t in known.nodes.values()}
    fixed = {term.name: term for term in (*_BEHIND, *_BORROWED)}
    for node_type in known.nodes.values():
        for p in node_type.properties:
            if p.rdf in fixed:
                continue
            before = found.get(p.rdf)
            domain = (*before.domain, f"kg:{node_type.name}") if before else (f"kg:{node_type.name}",)
            about = before.about if before else p.description
            found[p.rdf] = Term(p.rdf, about, "iri" if p.address else _NUMBERS.get(p.type, ""), domain)
    for edge_type in known.edges.values():
        subjects, objects = (tuple(dict.fromkeys(f"kg:{pair[side]}" for pair in edge_type.pairs)) for side in (0, 1))
        found[edge_type.rdf] = Term(edge_type.rdf, edge_type.description, "iri", subjects, objects)
    return {**found, **fixed}


def ontology() -> str:
    """The ontology in Turtle: every class and predicate of ours, with what it means, belongs to and leads to."""
    lines = [f"@prefix {prefix}: <{iri}> ." for prefix, iri in PREFIXES.items()]
    lines += [
        "",
        "# Made from schema/kg.yaml by python -m kg.export.vocabulary: change that file, not this one.",
        f"<{KG.rstrip('#')}> a owl:Ontology ;",
        '    rdfs:label "kg" ;',
        '    rdfs:comment "Papers, and the methods, datasets, tasks and repositories they speak of." ;',
        f'    owl:versionInfo "{schema.load().version}" .',
    ]
    for term in terms().values():
        if not term.name.startswith("kg:"):
            continue
        kind = {"class": "owl:Class", "iri": "owl:ObjectProperty"}.get(term.range, "owl:DatatypeProperty")
        said = [f"a {kind}", f"rdfs:label {json.dumps(_spaced(term.name))}"]
        said.append(f"rdfs:comment {json.dumps(term.about or _spaced(term.name), ensure_ascii=False)}")
        if term.above:
            said.append(f"rdfs:subClassOf {term.above}")
        if term.domain:
            said.append(f"rdfs:domain {_union(term.domain)}")
        if term.range not in ("class", "iri"):
            said.append(f"rdfs:range {term.range or 'xsd:string'}")
        elif term.targets:
            said.append(f"rdfs:range {_union(term.targets)}")
        lines += ["", f"{term.name} " + " ;\n    ".join(said) + " ."]
    return "\n".join(lines) + "\n"


def _union(classes: Iterable[str]) -> str:
    first, *rest = classes
    return f"[ a owl:Class ; owl:unionOf ( {' '.join([first, *rest])} ) ]" if rest else first


def _spaced(name: str) -> str:
    word = name.partition(":")[2]
    return "".join(f" {c.lower()}" if c.isupper() and i else c for i, c in enumerate(word))


def context() -> dict[str, object]:
    """The JSON-LD context: short names for all terms, and what their values are."""
    found: dict[str, object] = {prefix: iri for prefix, iri in PREFIXES.items() if prefix not in ("owl", "rdfs")}
    for term in terms().values():
        short = term.name.partition(":")[2]
        assert short not in found, f"two terms are called {short}"
        if term.range in ("class", ""):
            found[short] = term.name
        else:
            found[short] = {"@id": term.name, "@type": "@id" if term.range == "iri" else term.range}
    return found


def generated() -> dict[str, str]:
    """The files of schema/generated that this module makes: name to text."""
    text = json.dumps({"@context": context()}, ensure_ascii=False, indent=2) + "\n"
    return {"ontology.ttl": ontology(), "context.jsonld": text}


if __name__ == "__main__":
    target = folder("schema") / "generated"
    target.mkdir(exist_ok=True)
    for name, text in generated().items():
        (target / name).write_text(text, encoding="utf-8")
