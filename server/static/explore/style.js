// The style of the canvas, for light and for dark. Colours of the page come from its style sheet.

import { look } from "./kinds.js";

export function colours(element) {
  const read = getComputedStyle(element);
  const value = (name) => read.getPropertyValue(name).trim();
  return {
    ground: value("--graph-ground"),
    ink: value("--graph-ink"),
    line: value("--graph-line"),
    mark: value("--graph-mark"),
  };
}

export function stylesheet({ ground, ink, line, mark }) {
  return [
    {
      selector: "node",
      style: {
        shape: "polygon",
        "shape-polygon-points": (node) => look(node.data("kind")).corners.flat(),
        "background-color": (node) => look(node.data("kind")).colour,
        width: 26,
        height: 26,
        "border-width": 1.5,
        "border-color": ink,
        label: "data(short)",
        color: ink,
        "font-size": 11,
        "font-family": "system-ui, sans-serif",
        "text-valign": "bottom",
        "text-margin-y": 4,
        "text-wrap": "wrap",
        "text-max-width": 130,
        "text-outline-color": ground,
        "text-outline-width": 2.5,
        "text-events": "yes",
        "min-zoomed-font-size": 5,
      },
    },
    { selector: "node[?start]", style: { width: 36, height: 36, "font-size": 13, "font-weight": 700 } },
    { selector: "node[size]", style: { width: "data(size)", height: "data(size)", "font-size": 15 } },
    {
      selector: "edge",
      style: {
        width: 1.5,
        "line-color": line,
        "target-arrow-color": line,
        "target-arrow-shape": "triangle",
        "arrow-scale": 0.8,
        "curve-style": "bezier",
        color: ink,
        "font-size": 10,
        "font-family": "system-ui, sans-serif",
        "text-outline-color": ground,
        "text-outline-width": 2.5,
        "text-rotation": "autorotate",
      },
    },
    { selector: "edge.named", style: { label: "data(name)" } },
    { selector: "edge.marked", style: { "line-color": mark, "target-arrow-color": mark, width: 3 } },
    { selector: "node.marked", style: { "border-color": mark, "border-width": 3 } },
    { selector: ":selected", style: { "border-color": mark, "border-width": 4 } },
    { selector: "node:active", style: { "overlay-color": mark, "overlay-opacity": 0.2 } },
  ];
}
