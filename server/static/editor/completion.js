// What the editor completes from: prefixes, classes and properties of this graph, and no other.
// YASQE would ask a public service for terms and offer a list of everybody's prefixes.

const MOST = 60;

export async function knownTerms() {
  const reply = await fetch("/editor/completions");
  if (!reply.ok) return { prefixes: {}, classes: [], properties: [] };
  return reply.json();
}

export function compact(iri, prefixes) {
  let best = null;
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    if (iri.startsWith(namespace) && (!best || namespace.length > prefixes[best].length)) best = prefix;
  }
  return best === null ? iri : `${best}:${iri.slice(prefixes[best].length)}`;
}

// Put our terms in the place of YASQE's own.
export function teach(Yasqe, { prefixes, classes, properties }) {
  const completers = Yasqe.Autocompleters;
  const declared = Object.entries(prefixes).map(([prefix, namespace]) => `${prefix}: <${namespace}>`);
  Object.assign(completers.prefixes, { get: () => declared, persistenceId: null });
  const shorter = (iri) => {
    const short = compact(iri, prefixes);
    return short === iri ? `<${iri}>` : short;
  };
  for (const [name, terms] of [["class", classes], ["property", properties]]) {
    Object.assign(completers[name], {
      get: (_editor, token) => matching(terms, token),
      postProcessSuggestion: (_editor, _token, iri) => shorter(iri),
      persistenceId: null,
    });
  }
}

// By the beginning of the IRI, else by any part of its last name.
function matching(terms, token) {
  const typed = (token.autocompletionString ?? "").toLowerCase();
  const begin = terms.filter((iri) => iri.toLowerCase().startsWith(typed));
  const local = typed.split(/[:/#]/).at(-1);
  const inside = local ? terms.filter((iri) => iri.split(/[/#]/).at(-1).toLowerCase().includes(local)) : [];
  return [...new Set([...begin, ...inside])].slice(0, MOST);
}
