// The legend, which is the filter: what is not ticked is not shown.

import { make, refill } from "../shared/elements.js";
import { named, ordered, swatch } from "./kinds.js";

function tally(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

export class Legend {
  constructor(kinds, relations, view) {
    const draw = () => {
      const things = tally([...view.things.values()].map((thing) => thing.kind));
      const edges = tally([...view.edges.values()].map((edge) => edge.name));
      fill(kinds, view, view.hiddenKinds, ordered(things.keys()), things, (kind) => [swatch(kind), named(kind)]);
      fill(relations, view, view.hiddenRelations, [...edges.keys()].sort(), edges, (name) => [name]);
    };
    view.addEventListener("change", draw);
    draw();
  }
}

function fill(fieldset, view, hidden, names, counts, shown) {
  const boxes = names.map((name) => {
    const box = make("input", { type: "checkbox", checked: !hidden.has(name), data: { key: name } });
    box.addEventListener("change", () => view.hide(hidden, name, !box.checked));
    return make("label", {}, box, ...shown(name), ` (${counts.get(name)})`);
  });
  fieldset.hidden = boxes.length === 0;
  refill(fieldset.querySelector("div"), boxes);
}
