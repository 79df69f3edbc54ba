// The relations of one thing, each with a button that fetches the next page of neighbours.

import { announce, button, counted, make, refill } from "../shared/elements.js";
import { named } from "./kinds.js";

const FEW = 20; // more results than these are offered by what they measure

export async function relationList(view, thing, element, lost) {
  const details = await view.details(thing.iri);
  const items = await Promise.all(details.relations.map((relation) => item(view, thing, relation)));
  refill(element, items.length ? items : [make("li", {}, "No connections.")], lost);
}

async function item(view, thing, relation) {
  const words = `${relation.name}: ${counted(relation.count, named(relation.kind))}`;
  const key = `${thing.iri} ${relation.relation} ${relation.kind}`;
  const isFan = relation.kind === "result" && relation.relation.startsWith("^") && relation.count > FEW;
  if (isFan && thing.kind !== "variable") return fan(view, thing, relation, words, key);
  const shown = view.shown(thing.iri, relation);
  const press = () =>
    expand(() => view.expand(thing.iri, relation), () =>
      `${view.shown(thing.iri, relation)} of ${relation.count} shown`, `${thing.label} ${relation.name}`);
  return make("li", {}, one(words, shown, relation.count, press, key));
}

function one(words, shown, count, press, key) {
  if (shown >= count) return make("span", { tabIndex: -1, data: { key } }, `${words}: all shown`);
  return button(words + (shown ? `, ${shown} shown: more` : ""), press, { data: { key } });
}

const open = new Set(); // keys of fans that stand open

// Hundreds of results, by what they measure.
async function fan(view, thing, relation, words, key) {
  const list = make("ul", { className: "relations" });
  const fold = make("details", { open: open.has(key) },
    make("summary", { data: { key } }, `${words}, by what they measure`), list);
  const fill = async () => {
    const measures = await view.measures(thing.iri, relation);
    const items = measures.map((measure) => {
      const shown = () => view.shownMeasure(thing.iri, relation, measure.iri);
      const press = () =>
        expand(() => view.expandMeasure(thing.iri, relation, measure.iri), () =>
          `${shown()} of ${measure.count} results shown`, `${thing.label}, ${measure.label}`);
      return make("li", {}, one(`${measure.label} (${measure.count})`, shown(), measure.count, press,
        `${key} ${measure.iri}`));
    });
    refill(list, items);
  };
  if (fold.open) await fill();
  fold.addEventListener("toggle", () => {
    if (fold.open === open.has(key)) return;
    if (fold.open) open.add(key);
    else open.delete(key);
    if (fold.open) fill().catch((error) => announce(error.message));
  });
  return make("li", {}, fold);
}

async function expand(fetchPage, shown, subject) {
  try {
    const fresh = await fetchPage();
    announce(`${subject}: ${counted(fresh, "thing")} added, ${shown()}.`);
  } catch (error) {
    announce(error.message);
  }
}
