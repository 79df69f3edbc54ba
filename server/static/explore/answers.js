// What the server answers: one function an address.

async function answer(path, pairs) {
  const reply = await fetch(`/explore/${path}?${new URLSearchParams(pairs)}`, {
    headers: { Accept: "application/json" },
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(words(text) || `The server answered ${reply.status}.`);
  return JSON.parse(text);
}

// A refusal is one line of text, or JSON that holds one.
function words(text) {
  try {
    const told = JSON.parse(text);
    return told.error ?? told.detail ?? told.message ?? "";
  } catch {
    return text.startsWith("<") ? "" : text.trim();
  }
}

export const search = (q) => answer("search", { q });
export const about = (iri) => answer("neighbours", { iri });
export const neighbours = (iri, { relation, kind }, offset) =>
  answer("neighbours", { iri, relation, kind, offset });
export const measures = (iri, relation) => answer("measures", { iri, relation });
export const measuring = (iri, relation, variable, offset) =>
  answer("measures", { iri, relation, variable, offset });
export const view = (iris) => answer("view", iris.map((iri) => ["iri", iri]));
export const paths = (from, to, longest) => answer("paths", { from, to, longest });
export const classes = () => answer("classes", {});
export const members = (kind, offset) => answer("members", { members: kind, offset });
