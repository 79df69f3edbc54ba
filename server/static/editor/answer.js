// An answer as a reader sees it: a table of rows, yes or no, RDF as text, or the words of an error.

import { button, counted, make } from "../shared/elements.js";
import { compact } from "./completion.js";

const PAGE = 200; // rows that are added to the table at once
const ACCEPT = "application/sparql-results+json, text/turtle;q=0.9";
const NUMBERS = /#(integer|decimal|double|float|nonNegativeInteger|positiveInteger|int|long)$/;

// Ask the endpoint; the answer, or what is wrong with the query, as text and type.
export async function ask(query, signal) {
  const begun = performance.now();
  const reply = await fetch("/sparql", {
    method: "POST",
    headers: { "Content-Type": "application/sparql-query", Accept: ACCEPT },
    body: query,
    signal,
  });
  const text = await reply.text();
  const milliseconds = Math.round(performance.now() - begun);
  return { ok: reply.ok, status: reply.status, type: reply.headers.get("Content-Type") ?? "", text, milliseconds };
}

// Show an answer in an element; returns the words that sum it up.
export function show(element, answer, prefixes) {
  if (!answer.ok) {
    const words = fault(answer);
    element.replaceChildren(make("p", { className: "fault", role: "alert" }, words));
    return "The query was not answered.";
  }
  const time = `${answer.milliseconds} ms`;
  if (!answer.type.includes("json")) {
    element.replaceChildren(make("pre", { tabIndex: 0 }, answer.text));
    return `A graph, ${time}.`;
  }
  const { head, results, boolean } = JSON.parse(answer.text);
  if (boolean !== undefined) {
    element.replaceChildren(make("p", { className: "yes-or-no" }, boolean ? "Yes" : "No"));
    return `${boolean ? "Yes" : "No"}, ${time}.`;
  }
  element.replaceChildren(...table(head.vars, results.bindings, prefixes));
  return `${counted(results.bindings.length, "row")}, ${time}.`;
}

function fault({ text, status }) {
  try {
    return JSON.parse(text).detail;
  } catch {
    return text.slice(0, 2000) || `The server answered ${status}.`;
  }
}

function table(names, rows, prefixes) {
  const body = make("tbody");
  const headings = names.map((name) => make("th", { scope: "col" }, name));
  const scroll = make("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": "Rows" },
    make("table", {}, make("thead", {}, make("tr", {}, ...headings)), body));
  const more = button("", () => add());
  const add = () => {
    const from = body.rows.length;
    body.append(...rows.slice(from, from + PAGE).map((row) =>
      make("tr", {}, ...names.map((name) => cell(row[name], prefixes)))));
    const left = rows.length - body.rows.length;
    more.textContent = `Show ${Math.min(left, PAGE)} more of ${left} rows`;
    more.hidden = left === 0;
  };
  add();
  return [scroll, make("p", {}, more)];
}

function cell(term, prefixes) {
  if (!term) return make("td");
  if (term.type === "uri") {
    const href = `/term?${new URLSearchParams({ iri: term.value })}`;
    return make("td", {}, make("a", { href }, compact(term.value, prefixes)));
  }
  const isNumber = NUMBERS.test(term.datatype ?? "");
  return make("td", { className: isNumber ? "number" : "", lang: term["xml:lang"] ?? "" }, term.value);
}
