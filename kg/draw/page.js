"use strict";
// Names and texts come from papers and may hold anything: they are put in by textContent alone, never as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const looks = new Map(data.nodeTypes.map((type) => [type.name, type]));
  const abouts = new Map(data.edgeTypes.map((type) => [type.name, type.about]));
  const hidden = { node: new Set(), edge: new Set() };
  const beside = data.nodes.map(() => []); // the edges of each node
  for (const edge of data.edges) {
    beside[edge.from].push(edge.id);
    if (edge.to !== edge.from) beside[edge.to].push(edge.id);
  }
  let chosen = null; // {kind: "node" or "edge", id}
  let fresh = true; // until something is chosen: all of the picture is bright
  let found = null; // ids of the nodes that the search finds; null where nothing is asked
  let network = null;
  const narrow = matchMedia("(max-width: 760px)");
  const nodes = new vis.DataSet();
  const edges = new vis.DataSet();

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "onclick") made.addEventListener("click", value);
      else made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child !== null));
    return made;
  }

  // The sign of a node type, as on the picture.
  function sign(typeName) {
    const paths = {
      dot: "M8 2a6 6 0 1 0 .01 0z",
      diamond: "M8 1l6 7-6 7-6-7z",
      square: "M2.5 2.5h11v11h-11z",
      triangle: "M8 2l6.5 11.5h-13z",
      star: "M8 1l2 4.8 5.2.4-4 3.4 1.3 5.1L8 12l-4.5 2.7 1.3-5.1-4-3.4 5.2-.4z",
    };
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [name, value] of [["width", 14], ["height", 14], ["viewBox", "0 0 16 16"], ["aria-hidden", "true"]]) {
      svg.setAttribute(name, value);
    }
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", paths[looks.get(typeName).shape]);
    path.setAttribute("fill", looks.get(typeName).color);
    svg.append(path);
    return svg;
  }

  const words = (typeName) => typeName.toLowerCase().replaceAll("_", " ");
  const nodeShown = (node) => !hidden.node.has(node.type);
  const shownIds = () => data.nodes.filter(nodeShown).map((node) => node.id);
  const edgeShown = (edge) =>
    !hidden.edge.has(edge.type) && nodeShown(data.nodes[edge.from]) && nodeShown(data.nodes[edge.to]);

  // What stands out: the chosen node or edge and what touches it, or what the search finds. Null: nothing in particular.
  function lit() {
    if (found) return { nodes: new Set(found), edges: new Set() };
    if (!chosen || fresh) return null;
    if (chosen.kind === "edge") {
      const edge = data.edges[chosen.id];
      return { nodes: new Set([edge.from, edge.to]), edges: new Set([edge.id]) };
    }
    const touching = beside[chosen.id].filter((id) => edgeShown(data.edges[id]));
    const ends = touching.flatMap((id) => [data.edges[id].from, data.edges[id].to]);
    return { nodes: new Set([chosen.id, ...ends]), edges: new Set(touching) };
  }

  // The nodes whose names can be read with all of the picture in view: those asked for, and the best connected entities.
  const papers = data.nodeTypes[0].name;
  const landmarks = new Set([0, ...data.nodes.filter((node) => node.type !== papers && beside[node.id].length > 1)
    .sort((a, b) => beside[b.id].length - beside[a.id].length || a.id - b.id).slice(0, 16).map((node) => node.id)]);
  const far = Math.max(1, Math.sqrt(data.nodes.length) / 5); // how much smaller a whole picture of so many nodes is

  function font(node, bright, light) {
    const stands = light ? bright && light.nodes.size <= 15 : landmarks.has(node.id);
    return {
      font: { color: css(bright ? "--ink" : "--faint"), size: (node.type === papers ? 12 : 15) * (stands ? far : 1),
        strokeWidth: 3, strokeColor: css("--paper") },
      scaling: { label: { drawThreshold: stands ? 4 : 10, maxVisible: stands ? 17 : 22 } },
    };
  }

  function paint() {
    const light = lit();
    const ink = css("--ink");
    const names = light && light.edges.size <= 6; // more labels on edges than this only hide each other
    nodes.update(data.nodes.map((node) => {
      const bright = !light || light.nodes.has(node.id);
      const centre = chosen && chosen.kind === "node" && chosen.id === node.id;
      return {
        ...node,
        hidden: !nodeShown(node),
        opacity: bright ? 1 : 0.22,
        borderWidth: centre ? 2.5 : 1.5,
        borderWidthSelected: 2.5,
        color: { background: node.color, border: centre ? ink : css("--paper"),
          highlight: { background: node.color, border: ink } },
        ...font(node, bright, light),
      };
    }));
    edges.update(data.edges.map((edge) => {
      const bright = Boolean(light && light.edges.has(edge.id));
      return {
        ...edge,
        hidden: !edgeShown(edge),
        label: bright && names ? words(edge.type) : " ", // vis-network keeps the old one where this is empty
        width: bright ? 2 : 1,
        color: { color: bright ? css("--strong") : css("--edge"), opacity: bright || !light ? 1 : 0.5,
          highlight: css("--strong"), hover: css("--strong") },
        font: { color: css("--soft"), size: 11, strokeWidth: 4, strokeColor: css("--paper") },
      };
    }));
  }

  // An edge or a node as a line to press; the panel can so be walked through without the picture.
  function nodeRow(id, note) {
    const node = data.nodes[id];
    const row = element("button", { type: "button", class: "row", onclick: () => choose("node", id, true) },
      sign(node.type), element("span", { dir: "auto" }, data.nodeDetails[id].name));
    if (note) row.append(element("small", {}, note));
    return row;
  }

  function edgeRow(id, seenFrom) {
    const edge = data.edges[id];
    const other = edge.from === seenFrom ? edge.to : edge.from;
    const name = data.nodeDetails[other].name;
    return element("li", {}, element("button",
      { type: "button", class: "row", "data-edge": id, title: "Show the evidence", onclick: () => choose("edge", id, true) },
      sign(data.nodes[other].type), element("span", { dir: "auto" }, name)));
  }

  function link(text, href) {
    // Checked where the page was made, and once more here.
    if (!href || !/^https?:\/\//i.test(href)) return element("span", { dir: "auto" }, text);
    return element("a", { href, target: "_blank", rel: "noopener noreferrer", dir: "auto" }, text);
  }

  function heading(text) {
    return element("h3", {}, text);
  }

  function nodePanel(id) {
    const details = data.nodeDetails[id];
    const shown = [
      element("p", { class: "kind", title: looks.get(details.type).about }, sign(details.type), details.type),
      element("h2", { dir: "auto" }, details.name),
    ];
    if (details.aliases.length) shown.push(element("p", { class: "aliases" }, "also " + details.aliases.join(", ")));
    const facts = element("dl", { class: "facts" });
    for (const [name, value] of details.facts) facts.append(element("dt", {}, name), element("dd", { dir: "auto" }, value));
    shown.push(facts);
    if (details.links.length) {
      shown.push(heading("Links"), element("ul", { class: "links" }, ...details.links.map((one) =>
        element("li", {}, link(one.text, one.href), one.kind ? " " + one.kind : ""))));
    }
    if (details.abstract) {
      shown.push(element("details", {}, element("summary", {}, "Abstract"),
        element("p", { class: "abstract", dir: "auto" }, details.abstract)));
    }
    for (const type of data.edgeTypes) {
      for (const outward of [true, false]) {
        const rows = beside[id].filter((e) => data.edges[e].type === type.name && edgeShown(data.edges[e]) &&
          (outward ? data.edges[e].from === id : data.edges[e].from !== id));
        if (!rows.length) continue;
        const title = (outward ? words(type.name) + " →" : "← " + words(type.name)) + `  (${rows.length})`;
        shown.push(heading(title), element("ul", { class: "edges" }, ...rows.map((e) => edgeRow(e, id))));
      }
    }
    return shown;
  }

  function edgePanel(id) {
    const edge = data.edges[id];
    const details = data.edgeDetails[id];
    const shown = [
      element("p", { class: "kind" }, "Edge"),
      element("h2", {}, words(edge.type)),
      element("p", { class: "hint" }, abouts.get(edge.type)),
      element("div", { class: "ends" }, nodeRow(edge.from, "from"), nodeRow(edge.to, "to")),
    ];
    const facts = element("dl", { class: "facts" });
    if (details.score !== null) facts.append(element("dt", {}, "score"), element("dd", {}, details.score.toFixed(2)));
    if (details.sources.length) facts.append(element("dt", {}, "found by"), element("dd", {}, details.sources.join(", ")));
    shown.push(facts);
    if (details.sentences.length) shown.push(heading("Evidence"));
    for (const sentence of details.sentences) {
      shown.push(element("blockquote", { dir: "auto" },
        ...sentence.parts.map(([text, isMarked]) => (isMarked ? element("mark", {}, text) : text)),
        element("footer", {}, sentence.field)));
    }
    if (details.papers.length) {
      shown.push(heading("Rests on"), element("ul", { class: "links" }, ...details.papers.map((paper) =>
        element("li", {}, link(paper.text, paper.href)))));
      if (details.more > 0) shown.push(element("p", { class: "hint" }, `and ${details.more} more`));
    }
    return shown;
  }

  function choose(kind, id, focus, first = false) {
    fresh = first;
    chosen = kind === null ? null : { kind, id };
    const shown = kind === "node" ? nodePanel(id) : kind === "edge" ? edgePanel(id)
      : [element("p", { class: "hint" }, data.nodes.length ? "Click a node or an edge, or search." : "")];
    at("details").replaceChildren(...shown);
    if (kind !== null && found) clearSearch();
    paint();
    if (network) {
      network.setSelection({ nodes: kind === "node" ? [id] : [], edges: kind === "edge" ? [id] : [] },
        { highlightEdges: false });
    }
    if (!first && kind !== null && (focus || narrow.matches)) at("details").scrollIntoView({ block: "start" });
    if (focus) {
      at("details").focus({ preventScroll: true });
      if (network && kind !== null) bringInto(kind === "node" ? [id] : [data.edges[id].from, data.edges[id].to]);
    }
  }

  // Leaves room at the sides for names, which stand out beyond their nodes.
  function fit(ids, animation) {
    if (!ids.length) return;
    const box = at("network").getBoundingClientRect();
    network.fit({ nodes: ids, maxZoomLevel: 1.3 });
    const [scale, position] = [network.getScale() * Math.max(0.75, 1 - 70 / box.width), network.getViewPosition()];
    network.moveTo({ scale, position, animation });
  }

  // Moves the picture only where what was chosen lies outside it.
  function bringInto(ids) {
    const box = at("network").getBoundingClientRect();
    const outside = Object.values(network.getPositions(ids)).some((place) => {
      const { x, y } = network.canvasToDOM(place);
      return x < 20 || y < 20 || x > box.width - 20 || y > box.height - 20;
    });
    if (outside) network.focus(ids[0], { scale: Math.max(network.getScale(), 0.8), animation: gentle() });
  }

  const gentle = () =>
    matchMedia("(prefers-reduced-motion: reduce)").matches ? false : { duration: 300, easingFunction: "easeInOutQuad" };

  // As names are compared in kg: case, accents, spaces and punctuation aside.
  const plain = (text) => text.normalize("NFKD").toLowerCase().replace(/[^\p{L}\p{N}+#]/gu, "");
  const keys = data.nodeDetails.map((details) => [details.name, ...details.aliases].map(plain));

  function search() {
    const asked = plain(at("search").value);
    const list = at("matches");
    if (!asked) {
      clearSearch(at("search").value);
      paint();
      return;
    }
    const rank = (id) => Math.min(...keys[id].map((key) => {
      if (key === asked) return 0;
      return key.startsWith(asked) ? 1 : key.includes(asked) ? 2 : 3;
    }));
    const ranks = data.nodes.map((node) => rank(node.id));
    found = data.nodes.map((node) => node.id).filter((id) => ranks[id] < 3 && nodeShown(data.nodes[id]));
    found.sort((a, b) => ranks[a] - ranks[b] || a - b);
    const listed = found.slice(0, 8).map((id) => element("li", {}, nodeRow(id, data.nodes[id].type)));
    list.replaceChildren(...listed);
    list.hidden = !listed.length;
    at("match-count").textContent = found.length ? `${found.length} found` : "Nothing here by that name";
    paint();
    if (network) {
      network.unselectAll();
      fit(found, gentle());
    }
  }

  function clearSearch(text = "") {
    found = null;
    at("search").value = text;
    at("matches").replaceChildren();
    at("matches").hidden = true;
    at("match-count").textContent = "";
  }

  function filters(kind, types, all) {
    for (const type of types) {
      const count = all.filter((one) => one.type === type.name).length;
      if (!count) continue;
      const box = element("input", { type: "checkbox", "data-type": type.name });
      box.checked = true;
      box.addEventListener("change", () => {
        if (box.checked) hidden[kind].delete(type.name);
        else hidden[kind].add(type.name);
        const stays = chosen && (chosen.kind === "node" ? nodeShown(data.nodes[chosen.id]) : edgeShown(data.edges[chosen.id]));
        choose(stays ? chosen.kind : null, stays ? chosen.id : null, false);
        if (found) search();
      });
      at(kind + "-types").append(element("label", { class: "check", title: type.about }, box,
        kind === "node" ? sign(type.name) : null,
        element("span", {}, kind === "node" ? type.name : words(type.name)), element("small", {}, String(count))));
    }
  }

  function draw() {
    paint();
    network = new vis.Network(at("network"), { nodes, edges }, {
      autoResize: true,
      layout: { randomSeed: 7, improvedLayout: data.nodes.length <= 150 }, // a fixed seed: the same picture every time
      edges: { arrows: { to: { enabled: true, scaleFactor: 0.45 } }, selectionWidth: 1, hoverWidth: 0.6,
        scaling: { label: { drawThreshold: 8 } } },
      interaction: { hover: true, hoverConnectedEdges: false, selectConnectedEdges: false, multiselect: false,
        keyboard: false, // its own keys take the focus away from the search whenever the mouse moves
        zoomSpeed: 0.7 },
      physics: {
        solver: "forceAtlas2Based",
        forceAtlas2Based: { gravitationalConstant: -70, springLength: 110, springConstant: 0.06, damping: 0.6,
          avoidOverlap: 0.3, centralGravity: 0.012 },
        stabilization: { iterations: 300, fit: true },
      },
    });
    network.once("stabilizationIterationsDone", () => {
      network.setOptions({ physics: false }); // it has settled: nothing moves by itself any more
      fit(shownIds(), false);
      document.documentElement.dataset.settled = "yes";
    });
    network.on("click", (event) => {
      if (event.nodes.length) choose("node", event.nodes[0], false);
      else if (event.edges.length) choose("edge", event.edges[0], false);
      else choose(null, null, false);
    });
    for (const [event, cursor] of [["hoverNode", "pointer"], ["hoverEdge", "pointer"], ["blurNode", ""], ["blurEdge", ""]]) {
      network.on(event, () => { at("network").style.cursor = cursor; });
    }
    at("network").querySelector("canvas").setAttribute("role", "img");
    at("network").querySelector("canvas").setAttribute("aria-label",
      `${data.title}: ${data.subtitle}. Everything on it can be reached by the search and the lists beside it.`);
    at("closer").addEventListener("click", () => zoom(1.35));
    at("further").addEventListener("click", () => zoom(1 / 1.35));
    at("network").addEventListener("keydown", walk);
    at("fit").addEventListener("click", () => fit(shownIds(), gentle()));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  }

  const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor, animation: gentle() });

  // The arrow keys, + and - on the picture when it has the focus.
  function walk(event) {
    const steps = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    if (steps[event.key]) {
      const [x, y] = steps[event.key];
      network.moveTo({ offset: { x, y } });
      event.preventDefault();
    } else if (event.key === "+" || event.key === "=") zoom(1.35);
    else if (event.key === "-") zoom(1 / 1.35);
  }

  filters("node", data.nodeTypes, data.nodes);
  filters("edge", data.edgeTypes, data.edges);
  at("search").addEventListener("input", search);
  at("search").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && found && found.length) choose("node", found[0], true);
    if (event.key === "ArrowDown" && !at("matches").hidden) {
      at("matches").querySelector("button").focus();
      event.preventDefault();
    }
  });
  at("matches").addEventListener("keydown", (event) => {
    const rows = [...at("matches").querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    (rows[rows.indexOf(document.activeElement) + step] || at("search")).focus();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target === at("search");
    if (event.key === "Escape") {
      if (found || at("search").value) { clearSearch(); paint(); } else choose(null, null, false);
    } else if (event.key === "/" && !typing) {
      at("search").focus();
      event.preventDefault();
    } else if (event.key.toLowerCase() === "f" && !typing && network && !event.ctrlKey && !event.metaKey && !event.altKey) {
      fit(shownIds(), gentle());
    }
  });
  if (narrow.matches) document.querySelector(".filters").open = false;
  if (data.nodes.length) {
    draw();
    choose("node", 0, false, true);
  } else {
    at("empty").hidden = false;
    document.querySelector(".tools").hidden = true;
    choose(null, null, false);
    document.documentElement.dataset.settled = "yes";
  }
  window.kgPage = { network, nodes, edges, data }; // for whoever opens the console
})();
