// Save the view as a file: a picture (PNG, SVG) or data that Cytoscape opens (JSON).

import { svgOf } from "./drawing.js";
import { colours } from "./style.js";

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export async function savePng(canvas) {
  const { ground } = colours(canvas.container);
  save(await canvas.cy.png({ output: "blob-promise", full: true, scale: 2, bg: ground }), "graph.png");
}

export function saveSvg(canvas) {
  save(new Blob([svgOf(canvas)], { type: "image/svg+xml" }), "graph.svg");
}

// The JSON of Cytoscape.js, which Cytoscape (the desktop program) imports too.
export function saveJson(canvas) {
  const text = JSON.stringify({ elements: canvas.cy.json().elements }, null, 1);
  save(new Blob([text], { type: "application/json" }), "graph.json");
}
