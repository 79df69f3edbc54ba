// Kinds of things and the relations between them, with counts: what there is to explore.

import cytoscape from "../vendor/cytoscape/cytoscape.esm.min.mjs";
import * as answers from "./answers.js";
import { named } from "./kinds.js";
import { colours, stylesheet } from "./style.js";

const diameter = (count) => 24 + 9 * Math.log10(count + 1);

export class Overview {
  #container;
  #cy = null;

  constructor(container) {
    this.#container = container;
    for (const event of ["pointerenter", "pointerdown"]) { // as for the canvas: what is above moves it
      container.addEventListener(event, () => this.#cy?.resize(), { capture: true });
    }
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
      this.#cy?.style(stylesheet(colours(container))));
  }

  // Draw it once it is seen: a canvas without a size has no layout.
  async draw(open) {
    if (this.#cy) return;
    const { classes, relations } = await answers.classes();
    const nodes = classes.map(({ kind, count }) => ({
      data: { id: kind, kind, short: `${named(kind)} (${count})`, size: diameter(count) },
    }));
    const edges = bundled(relations).map(({ source, target, names }) => ({
      data: { id: `${source} ${target}`, source, target, name: names.join("\n") },
    }));
    this.#cy = cytoscape({
      container: this.#container,
      elements: [...nodes, ...edges],
      style: [...stylesheet(colours(this.#container)), { selector: "edge", style: { "text-wrap": "wrap" } }],
      minZoom: 0.2,
      maxZoom: 3,
    });
    this.#cy.on("mouseover select", "edge", (event) => event.target.addClass("named"));
    this.#cy.on("mouseout unselect", "edge", (event) => event.target.removeClass("named"));
    this.#cy.on("select", "node", (event) => event.target.connectedEdges().addClass("named marked"));
    this.#cy.on("unselect", "node", (event) => event.target.connectedEdges().removeClass("named marked"));
    this.#cy.on("select", "node", (event) => open(event.target.id()));
    this.#cy.layout({ name: "fcose", quality: "proof", animate: false, nodeDimensionsIncludeLabels: true,
      idealEdgeLength: 130, nodeSeparation: 140, padding: 20 }).run();
  }
}

// One line for all relations from one kind to another, so that a dozen do not become a tangle.
function bundled(relations) {
  const found = new Map();
  for (const { source, target, name, count } of relations) {
    const key = `${source} ${target}`;
    if (!found.has(key)) found.set(key, { source, target, names: [] });
    found.get(key).names.push(`${name} (${count})`);
  }
  return [...found.values()];
}
