// The same graph as a list: every thing, its connections, and buttons to expand it.

import { button, counted, make, refill } from "../shared/elements.js";
import { named, ordered, swatch } from "./kinds.js";
import { relationList } from "./relations.js";

export class List {
  #view;
  #element;
  #panel;
  #open = new Set();

  constructor(element, view, panel) {
    this.#element = element;
    this.#view = view;
    this.#panel = panel;
    view.addEventListener("change", () => this.draw());
    this.draw();
  }

  draw() {
    const things = this.#view.visibleThings();
    const kinds = ordered(new Set(things.map((thing) => thing.kind)));
    const edges = this.#view.visibleEdges();
    const sections = kinds.flatMap((kind) => [
      make("h3", {}, swatch(kind), `${named(kind)} (${things.filter((t) => t.kind === kind).length})`),
      make("ul", {}, ...things.filter((t) => t.kind === kind).map((thing) => this.#item(thing, edges))),
    ]);
    const heading = document.getElementById("explore-list-heading");
    heading.textContent = `List: ${counted(things.length, "thing")}, ${counted(edges.length, "connection")}`;
    const empty = make("p", {}, "Nothing is on the screen.");
    refill(this.#element, sections.length ? sections : [empty], () => heading);
  }

  #item(thing, edges) {
    const own = edges.filter((edge) => edge.source === thing.iri || edge.target === thing.iri);
    const inside = make("div", {});
    const item = make("details", { open: this.#open.has(thing.iri) },
      make("summary", { data: { key: `item ${thing.iri}` } },
        `${thing.label} (${counted(own.length, "connection")})`),
      inside);
    const fill = () => this.#fill(inside, thing, own);
    if (item.open) fill();
    item.addEventListener("toggle", () => {
      if (item.open === this.#open.has(thing.iri)) return;
      if (item.open) this.#open.add(thing.iri);
      else this.#open.delete(thing.iri);
      if (item.open) fill();
    });
    return make("li", {}, item);
  }

  #fill(inside, thing, edges) {
    const choose = (iri, key) => (text) =>
      button(text, () => this.#choose(iri), { className: "plain", data: { key } });
    const connections = edges.map((edge) => {
      const out = edge.source === thing.iri;
      const other = this.#view.things.get(out ? edge.target : edge.source);
      return make("li", {}, `${out ? edge.name : edge.inverse} `,
        choose(other.iri, `${thing.iri} to ${other.iri} ${edge.relation}`)(other.label));
    });
    const relations = make("ul", { className: "relations" });
    inside.replaceChildren(
      make("p", {}, choose(thing.iri, `details ${thing.iri}`)(`Details of ${thing.label}`)),
      make("ul", {}, ...connections),
      make("p", {}, "Expand by relation:"),
      relations,
    );
    const summary = () => inside.parentElement?.querySelector("summary");
    relationList(this.#view, thing, relations, summary);
  }

  #choose(iri) {
    this.#view.select(iri);
    this.#panel.draw().then(() => this.#panel.focus());
  }
}
