// How each kind of thing looks: a colour AND a shape, so that neither is needed alone.
// Shapes are polygons in the square from -1 to 1 (y downwards); one list of corners serves the
// canvas, the legend and the SVG export. Colours: Okabe and Ito, "Color universal design" (2008),
// darkened or lightened where two kinds share a hue.

const regular = (corners, turn = 0) =>
  Array.from({ length: corners }, (_, i) => {
    const angle = turn + (2 * Math.PI * i) / corners - Math.PI / 2;
    return [Math.cos(angle), Math.sin(angle)];
  });

const star = regular(10).map(([x, y], i) => (i % 2 ? [x * 0.5, y * 0.5] : [x, y]));

const SHAPES = {
  circle: regular(32),
  square: regular(4, Math.PI / 4).map(([x, y]) => [x * 1.25, y * 1.25]),
  diamond: regular(4),
  triangle: regular(3),
  wedge: regular(3, Math.PI),
  pentagon: regular(5),
  hexagon: regular(6, Math.PI / 6),
  octagon: regular(8, Math.PI / 8),
  star,
  sheet: [[-0.75, -1], [0.3, -1], [0.75, -0.5], [0.75, 1], [-0.75, 1]],
  bar: [[-1, -0.55], [1, -0.55], [1, 0.55], [-1, 0.55]],
  slant: [[-0.6, -0.7], [1, -0.7], [0.6, 0.7], [-1, 0.7]],
  cross: [[-0.35, -1], [0.35, -1], [0.35, -0.35], [1, -0.35], [1, 0.35], [0.35, 0.35], [0.35, 1],
    [-0.35, 1], [-0.35, 0.35], [-1, 0.35], [-1, -0.35], [-0.35, -0.35]],
};

const KINDS = {
  study: ["square", "#0072b2"],
  source: ["sheet", "#6b7a8f"],
  group: ["circle", "#56b4e9"],
  regimen: ["hexagon", "#009e73"],
  drug: ["bar", "#00785a"],
  "dose-step": ["triangle", "#5ac8a8"],
  variable: ["diamond", "#e69f00"],
  definition: ["slant", "#c9b200"],
  result: ["pentagon", "#cc79a7"],
  pooled: ["octagon", "#a8487d"],
  quantity: ["wedge", "#d9a3c0"],
  check: ["cross", "#d55e00"],
  rule: ["bar", "#e8925a"],
  discrepancy: ["star", "#c0392b"],
  term: ["octagon", "#8a8a8a"],
  class: ["square", "#8f7fc4"],
};

export function look(kind) {
  const [shape, colour] = KINDS[kind] ?? ["circle", "#a0a0a0"];
  return { corners: SHAPES[shape], colour };
}

export function ordered(kinds) {
  const order = Object.keys(KINDS);
  const place = (kind) => (order.includes(kind) ? order.indexOf(kind) : order.length);
  return [...kinds].sort((a, b) => place(a) - place(b) || a.localeCompare(b));
}

// "dose-step" -> "dose step", for people.
export const named = (kind) => kind.replaceAll("-", " ");

const SVG = "http://www.w3.org/2000/svg";

export function swatch(kind) {
  const { corners, colour } = look(kind);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "-1.2 -1.2 2.4 2.4");
  svg.setAttribute("class", "swatch");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, "polygon");
  shape.setAttribute("points", corners.map((corner) => corner.join(",")).join(" "));
  shape.setAttribute("fill", colour);
  svg.append(shape);
  return svg;
}
