// The drawing: Cytoscape.js shows what is in the view and tells what is tapped.

import cytoscape from "../vendor/cytoscape/cytoscape.esm.min.mjs";
import { edgeKey, MEASURES } from "./view.js";
import { colours, stylesheet } from "./style.js";

const MOST_NAMED = 12;
const LARGEST = 1.4;

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");

cytoscape.use(window.cytoscapeFcose); // loaded before, as a plain script

const LAYOUTS = {
  force: { name: "fcose", quality: "proof", nodeDimensionsIncludeLabels: true, idealEdgeLength: 60,
    nodeSeparation: 60, nodeRepulsion: (node) => 4000 + 2000 * node.degree(), packComponents: false },
  rings: { name: "concentric", minNodeSpacing: 10, spacingFactor: 0.75, nodeDimensionsIncludeLabels: true,
    concentric: (node) => node.degree(), levelWidth: () => 2 },
  layers: { name: "breadthfirst", directed: false, spacingFactor: 0.8, nodeDimensionsIncludeLabels: true },
  circle: { name: "circle", spacingFactor: 0.6, nodeDimensionsIncludeLabels: true },
  grid: { name: "grid", nodeDimensionsIncludeLabels: true },
};

export const layouts = Object.keys(LAYOUTS);

const cut = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

// A number is told by itself where what it measures stands beside it.
function short({ kind, label }, isMeasured) {
  const at = label.lastIndexOf(": ");
  if (!["result", "pooled"].includes(kind) || at < 0) return cut(label, 60);
  const value = cut(label.slice(at + 2), 60);
  return isMeasured ? value : `${cut(label.slice(0, at), 40)}: ${value}`;
}

export class Canvas {
  layout = "force";
  allNames = false;
  #view;

  constructor(container, view) {
    this.#view = view;
    this.container = container;
    this.cy = cytoscape({ container, style: stylesheet(colours(container)), minZoom: 0.15, maxZoom: 3 });
    this.cy.on("tap", "node", (event) => view.select(event.target.id()));
    this.cy.on("tap", (event) => event.target === this.cy && view.select(null));
    this.cy.on("mouseover", "edge", (event) => event.target.addClass("named"));
    this.cy.on("mouseout", "edge", () => this.#names());
    // Text that comes and goes above moves the canvas, which Cytoscape.js does not notice.
    for (const event of ["pointerenter", "pointerdown"]) {
      container.addEventListener(event, () => this.cy.resize(), { capture: true });
    }
    dark.addEventListener("change", () => this.cy.style(stylesheet(colours(container))));
    view.addEventListener("change", (event) => this.draw(event.detail));
    view.addEventListener("select", (event) => this.#mark(event.detail.iri));
  }

  // Bring the drawing up to the view; new things begin beside the thing they were opened from.
  draw({ near = null, fresh = [] } = {}) {
    const things = this.#view.visibleThings();
    const edges = this.#view.visibleEdges();
    const keep = new Set([...things.map((thing) => thing.iri), ...edges.map(edgeKey)]);
    const origin = near && this.cy.getElementById(near).nonempty()
      ? { ...this.cy.getElementById(near).position() } : { x: 0, y: 0 };
    const measured = new Set(edges.filter((edge) => edge.relation === MEASURES).map((edge) => edge.source));
    let added = 0;
    this.cy.batch(() => {
      this.cy.elements().filter((element) => !keep.has(element.id())).remove();
      things.forEach((thing, i) => {
        const start = this.#view.starts.has(thing.iri);
        const node = this.cy.getElementById(thing.iri);
        const data = { start, short: short(thing, measured.has(thing.iri)) };
        if (node.nonempty()) {
          node.data(data);
          return;
        }
        added += 1;
        const angle = 2.4 * i; // about the golden angle: neighbours in order never share a ray
        const away = 90 + 6 * Math.sqrt(i);
        this.cy.add({
          data: { id: thing.iri, kind: thing.kind, label: thing.label, ...data },
          position: { x: origin.x + away * Math.cos(angle), y: origin.y + away * Math.sin(angle) },
        });
      });
      for (const edge of edges) {
        if (this.cy.getElementById(edgeKey(edge)).nonempty()) continue;
        this.cy.add({ data: { id: edgeKey(edge), ...edge } });
      }
    });
    this.#names();
    this.#mark(this.#view.selected);
    if (added) this.arrange(fresh.length === 0 || fresh.length === this.cy.nodes().length);
  }

  arrange(anew = true) {
    if (this.cy.nodes().empty()) return;
    this.cy.resize();
    const moving = !calm.matches && this.cy.nodes().length < 150;
    const layout = this.cy.layout({ ...LAYOUTS[this.layout], randomize: anew, fit: true, padding: 30,
      animate: moving ? "end" : false, animationDuration: 300 });
    layout.one("layoutstop", () => this.fit());
    layout.run();
  }

  // Show everything, but a few things no larger than they are read well.
  fit() {
    this.cy.fit(undefined, 30);
    if (this.cy.zoom() <= LARGEST) return;
    this.cy.zoom(LARGEST);
    this.cy.center();
  }

  zoom(factor) {
    const centre = { x: this.cy.width() / 2, y: this.cy.height() / 2 };
    this.cy.zoom({ level: this.cy.zoom() * factor, renderedPosition: centre });
  }

  // Draw a path in the colour of the mark.
  highlight({ things, edges }) {
    const marked = new Set([...things.map((thing) => thing.iri), ...edges.map(edgeKey)]);
    for (const element of this.cy.elements()) element.toggleClass("marked", marked.has(element.id()));
    this.#names();
  }

  nameAll(all) {
    this.allNames = all;
    this.#names();
  }

  // Name the connections of the chosen thing, unless there are so many that names cover one another.
  #names() {
    const node = this.cy.getElementById(this.#view.selected ?? "");
    const chosen = node.degree() <= MOST_NAMED ? this.#view.selected : null;
    for (const edge of this.cy.edges()) {
      const beside = edge.data("source") === chosen || edge.data("target") === chosen;
      edge.toggleClass("named", this.allNames || beside || edge.hasClass("marked"));
    }
  }

  #mark(iri) {
    this.cy.elements().unselect();
    if (iri) {
      const node = this.cy.getElementById(iri);
      node.select();
      const box = node.nonempty() ? node.renderedPosition() : null;
      const outside = box && (box.x < 0 || box.y < 0 || box.x > this.cy.width() || box.y > this.cy.height());
      if (outside) this.cy.center(node);
    }
    this.#names();
  }
}
