// The graph as it stands on the canvas, as SVG that any program opens and edits.

import { look } from "./kinds.js";
import { colours } from "./style.js";

const escaped = (text) =>
  text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
const round = (number) => Math.round(number * 10) / 10;

export function svgOf(canvas) {
  const { ground, ink, line } = colours(canvas.container);
  const box = canvas.cy.elements().boundingBox({ includeLabels: true });
  const [x, y, w, h] = [box.x1 - 20, box.y1 - 20, box.w + 40, box.h + 40].map(round);
  const edges = canvas.cy.edges().map((edge) => edgeOf(edge, { line, ink, ground }));
  const nodes = canvas.cy.nodes().map((node) => nodeOf(node, { ink, ground }));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${x} ${y} ${w} ${h}" width="${w}" height="${h}"` +
      ` font-family="system-ui, sans-serif" text-anchor="middle">`,
    `<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="6" markerHeight="6"` +
      ` orient="auto"><path d="M0 0 8 4 0 8z" fill="${line}"/></marker></defs>`,
    `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${ground}"/>`,
    ...edges,
    ...nodes,
    "</svg>",
  ].join("\n");
}

// Text stays readable where a line runs behind it.
const outline = (ground) => `paint-order="stroke" stroke="${ground}" stroke-width="3" stroke-linejoin="round"`;

function edgeOf(edge, { line, ink, ground }) {
  const from = edge.sourceEndpoint();
  const to = edge.targetEndpoint();
  const bend = edge.controlPoints()?.[0];
  const way = bend ? `Q${round(bend.x)} ${round(bend.y)} ` : "L";
  const middle = edge.midpoint();
  const path =
    `<path d="M${round(from.x)} ${round(from.y)} ${way}${round(to.x)} ${round(to.y)}" fill="none"` +
    ` stroke="${line}" stroke-width="1.5" marker-end="url(#arrow)"><title>${escaped(edge.data("name"))}</title></path>`;
  if (!edge.hasClass("named")) return path;
  return `${path}<text x="${round(middle.x)}" y="${round(middle.y)}" font-size="10" fill="${ink}" ${outline(ground)}>${escaped(edge.data("name"))}</text>`;
}

function nodeOf(node, { ink, ground }) {
  const { corners, colour } = look(node.data("kind"));
  const { x, y } = node.position();
  const half = node.width() / 2;
  const points = corners.map(([dx, dy]) => `${round(x + dx * half)},${round(y + dy * half)}`).join(" ");
  const size = parseFloat(node.style("font-size"));
  const lines = wrapped(node.data("short"), 24).map(
    (text, i) => `<tspan x="${round(x)}" dy="${i ? "1.15em" : 0}">${escaped(text)}</tspan>`,
  );
  return (
    `<polygon points="${points}" fill="${colour}" stroke="${ink}" stroke-width="1.5">` +
    `<title>${escaped(node.data("label"))}</title></polygon>` +
    `<text y="${round(y + half + size + 4)}" font-size="${size}" fill="${ink}" ${outline(ground)}>${lines.join("")}</text>`
  );
}

function wrapped(text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    if (lines.at(-1) && lines.at(-1).length + word.length >= width) lines.push("");
    lines.push(`${lines.pop()} ${word}`.trim());
  }
  return lines;
}
