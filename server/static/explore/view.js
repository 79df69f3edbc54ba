// What is on the screen: things, connections between them, and what is hidden. It draws nothing;
// whoever draws listens to "change".

import * as answers from "./answers.js";

export const edgeKey = (edge) => `${edge.source} ${edge.relation} ${edge.target}`;
// A relation leads to things of one kind; one that begins with ^ is followed from its object to its
// subject, as in SPARQL paths.
const relationKey = (iri, { relation, kind }) => `${iri} ${relation} ${kind}`;

// What joins a result to the thing that it measures.
export const MEASURES = "ev:variable";

export class View extends EventTarget {
  things = new Map(); // IRI -> thing
  edges = new Map(); // key -> edge
  starts = new Set(); // IRIs that collapsing never takes away
  hiddenKinds = new Set();
  hiddenRelations = new Set();
  selected = null;
  unknown = []; // CURIEs last asked for of which the graph says nothing
  #parents = new Map(); // IRI -> IRI of the thing it was opened from
  #measures = new Map(); // thing and relation -> what the results measure, with counts
  #details = new Map(); // IRI -> what the server tells of it: facts, relations and their counts
  #offsets = new Map(); // thing and relation -> where the next page begins

  changed(detail = {}) {
    this.dispatchEvent(new CustomEvent("change", { detail }));
  }

  // Add things and edges; an edge to what is not on the screen is left out.
  add({ things = [], edges = [] }, near = null) {
    const fresh = things.filter((thing) => !this.things.has(thing.iri));
    for (const thing of fresh) this.things.set(thing.iri, thing);
    for (const edge of edges) {
      if (this.things.has(edge.source) && this.things.has(edge.target)) {
        this.edges.set(edgeKey(edge), edge);
      }
    }
    this.changed({ near, fresh: fresh.map((thing) => thing.iri) });
    return fresh.length;
  }

  // Add things by IRI or CURIE, with every connection among them and what is on the screen.
  async bring(names, { starts = [], near = null } = {}) {
    const known = [...this.things.values()].map((thing) => thing.curie);
    const found = await answers.view([...new Set([...known, ...names])]);
    for (const thing of found.things) {
      if (starts.includes(thing.iri) || starts.includes(thing.curie)) this.starts.add(thing.iri);
    }
    this.unknown = found.unknown;
    return this.add(found, near);
  }

  select(iri) {
    this.selected = iri;
    this.dispatchEvent(new CustomEvent("select", { detail: { iri } }));
  }

  async details(iri) {
    if (!this.#details.has(iri)) this.#details.set(iri, await answers.about(iri));
    return this.#details.get(iri);
  }

  // How many neighbours by a relation are on the screen.
  shown(iri, { relation, kind }) {
    const [end, other] = relation.startsWith("^") ? ["target", "source"] : ["source", "target"];
    const plain = relation.replace("^", "");
    let count = 0;
    for (const edge of this.edges.values()) {
      const leads = edge[end] === iri && edge.relation === plain;
      if (leads && this.things.get(edge[other]).kind === kind) count += 1;
    }
    return count;
  }

  // Fetch the next page of neighbours by a relation, with all that connects them to one another and
  // to what is on the screen; returns how many are new.
  async expand(iri, relation) {
    return this.#pages(iri, relationKey(iri, relation), (offset) =>
      answers.neighbours(iri, relation, offset));
  }

  // Fetch the next page of a thing's results that measure a variable, and the variable.
  async expandMeasure(iri, { relation }, variable) {
    return this.#pages(iri, `${iri} ${relation} ${variable}`, (offset) =>
      answers.measuring(iri, relation, variable, offset));
  }

  // How many results that measure a variable are on the screen, of those that lead to a thing.
  shownMeasure(iri, { relation }, variable) {
    const plain = relation.replace("^", "");
    let count = 0;
    for (const edge of this.edges.values()) {
      if (edge.target !== iri || edge.relation !== plain) continue;
      if (this.edges.has(edgeKey({ source: edge.source, relation: MEASURES, target: variable }))) count += 1;
    }
    return count;
  }

  async #pages(iri, key, fetchPage) {
    for (;;) {
      const page = await fetchPage(this.#offsets.get(key) ?? 0);
      if (page.next !== null) this.#offsets.set(key, page.next);
      const fresh = page.things.filter((thing) => !this.things.has(thing.iri));
      for (const thing of fresh) this.#parents.set(thing.iri, iri);
      if (fresh.length) return this.bring(fresh.map((thing) => thing.curie), { near: iri });
      if (page.next === null) return 0;
    }
  }

  async measures(iri, { relation }) {
    const key = `${iri} ${relation}`;
    if (!this.#measures.has(key)) this.#measures.set(key, await answers.measures(iri, relation));
    return this.#measures.get(key).measures;
  }

  neighboursOf(iri) {
    const found = new Set();
    for (const edge of this.edges.values()) {
      if (edge.source === iri) found.add(edge.target);
      if (edge.target === iri) found.add(edge.source);
    }
    found.delete(iri);
    return found;
  }

  // Take away what was opened from this thing, and from what was opened from it, save for the
  // starts; returns how many things went.
  collapse(iri) {
    const parents = this.#tree();
    const gone = new Set([iri]);
    for (const above of gone) {
      for (const [below, parent] of parents) if (parent === above) gone.add(below);
    }
    gone.delete(iri);
    this.remove([...gone]);
    return gone.size;
  }

  // From what each thing was opened. In a view that came by a link nobody knows; there it is the
  // thing by which it is reached from the starts.
  #tree() {
    const parents = new Map(this.#parents);
    const reached = new Set(this.starts);
    for (const iri of reached) {
      for (const other of this.neighboursOf(iri)) {
        if (!reached.has(other) && !parents.has(other)) parents.set(other, iri);
        reached.add(other);
      }
    }
    for (const start of this.starts) parents.delete(start);
    return parents;
  }

  remove(iris) {
    for (const iri of iris) {
      this.things.delete(iri);
      this.starts.delete(iri);
      for (const [below, parent] of this.#parents) {
        if (below === iri || parent === iri) this.#parents.delete(below);
      }
      for (const [key, edge] of this.edges) {
        if (edge.source === iri || edge.target === iri) this.edges.delete(key);
      }
    }
    this.#offsets.clear(); // what was fetched before can be fetched again
    if (!this.things.has(this.selected)) this.select(null);
    this.changed();
  }

  clear() {
    this.remove([...this.things.keys()]);
  }

  hide(set, name, hidden) {
    if (hidden) set.add(name);
    else set.delete(name);
    this.changed();
  }

  isVisible(thing) {
    return !this.hiddenKinds.has(thing.kind);
  }

  visibleThings() {
    return [...this.things.values()].filter((thing) => this.isVisible(thing));
  }

  visibleEdges() {
    return [...this.edges.values()].filter(
      (edge) =>
        !this.hiddenRelations.has(edge.name) &&
        this.isVisible(this.things.get(edge.source)) &&
        this.isVisible(this.things.get(edge.target)),
    );
  }
}
