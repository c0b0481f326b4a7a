"""Turtle, N-Triples and JSON-LD: the same graph in each, whole, and as other people's readers take it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from graphs import example_graph
from hostile import LINKS, hostile_graph
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from kg import store
from kg.export import export
from kg.export.iri import KG, node_iri, web_iri
from kg.export.vocabulary import PREFIXES, terms
from kg.model import Node
from kg.store import Store

# rdflib's JSON-LD reader uses what rdflib itself deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

FORMATS = {"turtle": ("ttl", "turtle"), "ntriples": ("nt", "nt"), "jsonld": ("jsonld", "json-ld")}
MAKERS = {"example": example_graph, "hostile": hostile_graph, "empty": lambda path: store.write(path, [], [])}
SCHEMA = PREFIXES["schema"]


@pytest.fixture(params=MAKERS)
def graph(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    make: Callable[[Path], Store] = MAKERS[request.param]
    return make(tmp_path / "g")


def read(graph: Store, target: str, folder: Path) -> Graph:
    ending, name = FORMATS[target]
    return Graph().parse(export(graph, target, folder / f"out.{ending}"), format=name)


@pytest.mark.parametrize("target", ["turtle", "jsonld"])
def test_is_the_same_graph_as_ntriples(graph: Store, target: str, tmp_path: Path) -> None:
    assert isomorphic(read(graph, target, tmp_path), read(graph, "ntriples", tmp_path))


def test_every_line_of_ntriples_is_a_triple_of_its_own(graph: Store, tmp_path: Path) -> None:
    lines = export(graph, "ntriples", tmp_path / "out.nt").read_text().splitlines()
    assert len(set(lines)) == len(lines) == len(read(graph, "ntriples", tmp_path))


def test_every_class_and_predicate_is_defined(graph: Store, tmp_path: Path) -> None:
    known = {URIRef(KG + name.removeprefix("kg:")) for name in terms() if name.startswith("kg:")}
    known |= {URIRef(PREFIXES[prefix] + rest) for name in terms() for prefix, _, rest in [name.partition(":")] if rest}
    known |= {
        URIRef(PREFIXES[prefix] + rest)
        for term in terms().values()
        for prefix, _, rest in [term.above.partition(":")]
        if rest
    }
    found = read(graph, "ntriples", tmp_path)
    assert set(found.predicates()) | set(found.objects(None, RDF.type)) <= known | {RDF.type}


def test_each_edge_is_a_plain_triple(tmp_path: Path) -> None:
    graph = example_graph(tmp_path / "g")
    found = read(graph, "ntriples", tmp_path)
    predicates = {"USES": "uses", "HAS_CODE": "hasCode", "VARIANT_OF": "variantOf", "EVALUATED_ON": "evaluatedOn"}
    for name, predicate in predicates.items():
        assert set(found.subject_objects(URIRef(KG + predicate))) == {
            (URIRef(node_iri(e.subject_type, e.subject)), URIRef(node_iri(e.object_type, e.object)))
            for e in graph.edges(name)
        }


def test_evidence_gives_the_sentence_and_the_words_in_it(tmp_path: Path) -> None:
    graph = example_graph(tmp_path / "g")
    found = read(graph, "turtle", tmp_path)
    asked = """
        SELECT ?field ?start ?end ?text ?quote WHERE {
          ?s a kg:Statement ; rdf:subject ?p ; rdf:predicate kg:uses ; rdf:object ?d ; kg:evidence ?e .
          ?p kg:id "arxiv:1608.03983" . ?d schema:name "CIFAR-10" .
          ?e kg:inField ?field ; kg:start ?start ; kg:end ?end ; kg:text ?text ; kg:quote ?quote }
    """
    rows = [tuple(v.toPython() for v in row) for row in found.query(asked)]  # type: ignore[union-attr]
    assert rows == [("abstract", 80, 88, "CIFAR-10", "We try it with WRN on CIFAR-10 and CIFAR-100.")]


def test_texts_come_back_exactly(tmp_path: Path) -> None:
    graph = hostile_graph(tmp_path / "g")
    for target in FORMATS:
        found = read(graph, target, tmp_path)
        titles = {str(o) for o in found.objects(None, URIRef(SCHEMA + "name"))}
        named = [
            n.properties.get("title") or n.properties.get("name")
            for t in ("Paper", "Dataset", "Method")
            for n in graph.nodes(t)
        ]
        assert titles == set(named)


def test_an_address_is_an_iri_or_else_kept_as_text(tmp_path: Path) -> None:
    found = read(hostile_graph(tmp_path / "g"), "jsonld", tmp_path)
    paper = URIRef(node_iri("Paper", "linked"))
    assert set(found.objects(paper, URIRef(KG + "link"))) == {URIRef(i) for i in map(web_iri, LINKS) if i}
    assert set(found.objects(paper, URIRef(KG + "linkText"))) == {Literal(u) for u in LINKS if web_iri(u) is None}


def test_one_id_in_two_types_is_two_things(tmp_path: Path) -> None:
    found = read(hostile_graph(tmp_path / "g"), "ntriples", tmp_path)
    assert set(found.subjects(URIRef(KG + "id"), Literal("dataset:cifar10"))) == {
        URIRef("https://w3id.org/kg/id/dataset:cifar10"),
        URIRef("https://w3id.org/kg/id/paper/dataset:cifar10"),
    }


@pytest.mark.parametrize(
    ("date", "datatype"),
    [
        ("2023-02-28", "date"),
        ("2023-02", "gYearMonth"),
        ("2023", "gYear"),
        ("2023-02-30", None),
        ("2023-13", None),
        ("0000", None),
        ("last May", None),
        ("٢٠٢٣", None),
    ],
)
def test_a_date_has_the_type_it_can_have(date: str, datatype: str | None, tmp_path: Path) -> None:
    graph = store.write(tmp_path / "g", [Node("x", "Paper", {"title": "t", "date": date})], [])
    type_iri = URIRef(PREFIXES["xsd"] + datatype) if datatype else None
    found = set(read(graph, "ntriples", tmp_path).objects(None, URIRef(SCHEMA + "datePublished")))
    assert {(str(o), o.datatype) for o in found if isinstance(o, Literal)} == {(date, type_iri)}


@pytest.fixture(scope="session")
def jena(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command line of Jena's riot. Maven keeps what it fetches; a machine without Java or Maven fails the tests."""
    folder = tmp_path_factory.mktemp("jena")
    pom = Path(__file__).parent / "jena" / "pom.xml"
    subprocess.run(
        ["mvn", "-B", "-q", "-f", str(pom), "dependency:copy-dependencies", f"-DoutputDirectory={folder}"],
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-cp", f"{folder}/*", "riotcmd.riot"]


@pytest.mark.jena
def test_jena_finds_nothing_to_warn_of_and_the_same_number_of_triples(
    graph: Store, jena: list[str], tmp_path: Path
) -> None:
    # The numbers are compared because riot drops what it dislikes in JSON-LD without a word.
    triples = len(read(graph, "ntriples", tmp_path))
    files = [export(graph, target, tmp_path / f"out.{ending}") for target, (ending, _) in FORMATS.items()]
    done = subprocess.run(
        [*jena, "--validate", "--count", *map(str, files)], capture_output=True, text=True, check=False
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said  # it is 1 after a mere warning
    assert re.findall(r"Triples = ([\d,]+)", said) == [f"{triples:,}"] * 3 * (triples > 0)  # of nothing it says nothing
