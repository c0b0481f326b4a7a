"""The generated files are what the schema makes of them, and the ontology is one."""

from __future__ import annotations

import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from kg import schema
from kg.export.iri import KG
from kg.export.vocabulary import generated, ontology, terms
from kg.resources import folder


@pytest.mark.parametrize("name", generated())
def test_generated_is_made_anew_and_compared(name: str) -> None:
    text = (folder("schema") / "generated" / name).read_text(encoding="utf-8")
    assert text == generated()[name], "run: python -m kg.export.vocabulary"


def test_ontology_defines_each_term_once_with_its_kind_label_and_meaning() -> None:
    found = Graph().parse(data=ontology(), format="turtle")
    kinds = {
        str(s).removeprefix(KG): list(found.objects(s, RDF.type))
        for s in set(found.subjects())
        if str(s).startswith(KG)
    }
    wanted = {"class": OWL.Class, "iri": OWL.ObjectProperty}
    assert kinds == {
        name.removeprefix("kg:"): [wanted.get(term.range, OWL.DatatypeProperty)]
        for name, term in terms().items()
        if name.startswith("kg:")
    }
    for name in kinds:
        term = URIRef(KG + name)
        assert len(list(found.objects(term, RDFS.label))) == len(list(found.objects(term, RDFS.comment))) == 1


def test_every_edge_type_leads_from_and_to_what_the_schema_says() -> None:
    for edge_type in schema.load().edges.values():
        term = terms()[edge_type.rdf]
        assert {(a, b) for a, b in edge_type.pairs} <= {
            (a.removeprefix("kg:"), b.removeprefix("kg:")) for a in term.domain for b in term.targets
        }
