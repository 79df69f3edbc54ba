// Details of the selected thing: what it is, its key facts, its page, its query, its relations.

import { announce, button, counted, make } from "../shared/elements.js";
import { named, swatch } from "./kinds.js";
import { relationList } from "./relations.js";

export class Panel {
  #view;
  #element;
  #paths;
  #relations = null;

  constructor(element, view, paths) {
    this.#element = element;
    this.#view = view;
    this.#paths = paths;
    view.addEventListener("select", () => this.draw());
    view.addEventListener("change", () => this.#refresh());
  }

  focus() {
    this.#element.querySelector("h2")?.focus();
  }

  async draw() {
    const thing = this.#view.things.get(this.#view.selected);
    this.#relations = null;
    if (!thing) {
      this.#element.replaceChildren(
        make("h2", { tabIndex: -1 }, "Details"),
        make("p", {}, "Choose a thing in the graph or in the list to see what it is and what it is connected with."),
      );
      return;
    }
    const details = await this.#view.details(thing.iri).catch((error) => {
      announce(error.message);
      return { facts: [], relations: [], query: "" };
    });
    if (this.#view.selected !== thing.iri) return;
    this.#relations = make("ul", { className: "relations" });
    const parts = [
      make("h2", { tabIndex: -1 }, thing.label),
      make("p", { className: "kind" }, swatch(thing.kind), named(thing.kind)),
      facts(details.facts),
      make("p", { className: "links" },
        make("a", { href: thing.page }, "Page"),
        details.query ? make("a", { href: details.query }, "SPARQL") : null),
      make("h3", {}, "Expand by relation"),
      this.#relations,
      make("p", { className: "buttons" },
        button("Collapse", () => this.#collapse(thing)),
        button("Remove", () => this.#remove(thing)),
        button("Path from here", () => this.#paths.begin("from", thing)),
        button("Path to here", () => this.#paths.begin("to", thing))),
    ];
    this.#element.replaceChildren(...parts.filter(Boolean));
    await this.#refresh();
  }

  async #refresh() {
    const thing = this.#view.things.get(this.#view.selected);
    if (thing && this.#relations) await relationList(this.#view, thing, this.#relations, () => this.focusable());
  }

  focusable() {
    return this.#element.querySelector("h2");
  }

  #collapse(thing) {
    const gone = this.#view.collapse(thing.iri);
    announce(`${thing.label} collapsed: ${counted(gone, "thing")} taken away.`);
  }

  #remove(thing) {
    this.#view.remove([thing.iri]);
    announce(`${thing.label} removed.`);
    this.focus();
  }
}

function facts(pairs) {
  const list = make("dl", { className: "facts" });
  for (const [name, text] of pairs) list.append(make("dt", {}, name), make("dd", {}, text));
  return pairs.length ? list : null;
}
