// Suggestions below a field, as a list the browser itself makes accessible (datalist).

import * as answers from "./answers.js";

const PAUSE = 150; // milliseconds without a key before the server is asked

export function suggest(field) {
  const list = document.createElement("datalist");
  list.id = `${field.id}-suggestions`;
  field.after(list);
  field.setAttribute("list", list.id);
  field.autocomplete = "off";
  let waiting = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    const text = field.value.trim();
    if (text.length < 2 || text.endsWith("]")) return;
    waiting = setTimeout(async () => {
      const { matches } = await answers.search(text).catch(() => ({ matches: [] }));
      if (field.value.trim() !== text) return;
      list.replaceChildren(
        ...matches.map((match) => {
          const option = document.createElement("option");
          option.value = match.text;
          option.label = `${match.label} · ${match.kind}`;
          return option;
        }),
      );
    }, PAUSE);
  });
}

// What a field names: the thing of a suggestion, else the best match.
export async function resolve(text) {
  const { matches } = await answers.search(text);
  return { best: matches[0] ?? null, matches };
}
