// The relations of one thing, each with a button that fetches the next page of neighbours.

import { announce, button, counted, make, refill } from "../shared/elements.js";
import { named } from "./kinds.js";

export async function relationList(view, thing, element, lost) {
  const details = await view.details(thing.iri);
  const items = details.relations.map((relation) => {
    const shown = view.shown(thing.iri, relation);
    const left = relation.count - shown;
    const words = `${relation.name}: ${counted(relation.count, named(relation.kind))}`;
    if (left <= 0) return make("li", {}, make("span", {}, `${words}: all shown`));
    const press = () => expand(view, thing, relation);
    const state = shown ? `, ${shown} shown: more` : "";
    return make("li", {}, button(words + state, press, { data: { key: `${thing.iri} ${relation.relation} ${relation.kind}` } }));
  });
  refill(element, items.length ? items : [make("li", {}, "No connections.")], lost);
}

async function expand(view, thing, relation) {
  try {
    const fresh = await view.expand(thing.iri, relation);
    const shown = view.shown(thing.iri, relation);
    announce(
      `${thing.label} ${relation.name}: ${counted(fresh, "thing")} added,` +
        ` ${shown} of ${relation.count} shown.`,
    );
  } catch (error) {
    announce(error.message);
  }
}
