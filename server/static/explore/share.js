// A view as an address. The starts stand in the query, so that the page also works without
// script; the rest stands behind the "#", which no server needs.

const CURIE_SEPARATOR = ","; // no CURIE or IRI of the graph holds a comma

export function addressOf(view, layout) {
  const query = new URLSearchParams();
  for (const iri of view.starts) if (view.things.has(iri)) query.append("start", view.things.get(iri).curie);
  const rest = new URLSearchParams();
  const others = [...view.things.values()].filter((thing) => !view.starts.has(thing.iri));
  if (others.length) rest.set("with", others.map((thing) => thing.curie).join(CURIE_SEPARATOR));
  if (view.hiddenKinds.size) rest.set("hide", [...view.hiddenKinds].join(CURIE_SEPARATOR));
  if (view.hiddenRelations.size) rest.set("without", [...view.hiddenRelations].join(CURIE_SEPARATOR));
  if (layout !== "force") rest.set("layout", layout);
  if (view.selected) rest.set("selected", view.things.get(view.selected).curie);
  const plain = (pairs) => `${pairs}`.replaceAll("%3A", ":").replaceAll("%2C", ",");
  return [location.pathname, plain(query) && `?${plain(query)}`, plain(rest) && `#${plain(rest)}`].join("");
}

export function stateOf(address) {
  const rest = new URLSearchParams(address.hash.slice(1));
  const names = (key) => (rest.get(key) ?? "").split(CURIE_SEPARATOR).filter(Boolean);
  return {
    starts: address.searchParams.getAll("start"),
    others: names("with"),
    hiddenKinds: names("hide"),
    hiddenRelations: names("without"),
    layout: rest.get("layout") ?? "force",
    selected: rest.get("selected"),
  };
}
