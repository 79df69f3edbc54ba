// The SPARQL editor: YASQE in the place of the plain field, and answers on the same page.

import { announce } from "../shared/elements.js";
import { ask, show } from "./answer.js";
import { knownTerms, teach } from "./completion.js";

const id = (name) => document.getElementById(name);
const field = id("editor-query");
const terms = await knownTerms();
let running = null;

const editor = open();
setUpButtons();
setUpFilter();

function open() {
  const { Yasqe } = window; // loaded before, as a plain script
  teach(Yasqe, terms);
  const asked = new URLSearchParams(location.hash.slice(1)).get("query");
  field.hidden = true;
  id("editor-label").hidden = true;
  return new Yasqe(id("editor-pane"), {
    value: asked ?? field.value,
    persistenceId: null, // the address holds the query; nothing is kept behind the reader's back
    createShareableLink: null,
    consumeShareLink: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "auto",
    viewportMargin: Infinity,
    screenReaderLabel: "Query",
    autocompleters: ["variables", "prefixes", "class", "property"],
    extraKeys: { "Ctrl-Enter": run, "Cmd-Enter": run, Tab: false, "Shift-Tab": false },
  });
}

async function run() {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  id("editor-stop").hidden = false;
  announce("Running …");
  remember();
  try {
    const answer = await ask(editor.getValue(), mine.signal);
    announce(show(id("editor-answer"), answer, terms.prefixes));
  } catch (error) {
    if (running === mine) announce(mine.signal.aborted ? "Stopped." : `No answer: ${error.message}`);
  }
  if (running !== mine) return;
  running = null;
  id("editor-stop").hidden = true;
}

function remember() {
  history.replaceState(null, "", `/editor?${new URLSearchParams({ query: editor.getValue() })}`);
}

function setUpButtons() {
  const form = id("editor-form");
  for (const name of ["editor-tidy", "editor-share", "editor-keys"]) id(name).hidden = false;
  form.addEventListener("submit", (event) => {
    field.value = editor.getValue();
    if (event.submitter === id("editor-download")) {
      event.submitter.value = `answer.${id("editor-format").value}`;
      return; // the browser saves what the endpoint answers
    }
    event.preventDefault();
    run();
  });
  id("editor-stop").addEventListener("click", () => running?.abort());
  id("editor-tidy").addEventListener("click", () => editor.autoformat());
  id("editor-share").addEventListener("click", async () => {
    remember();
    const link = id("editor-link");
    link.value = location.href;
    link.parentElement.hidden = false;
    link.select();
    const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
    announce(copied ? "The link is copied." : "The link to this query is in the field.");
  });
  editor.on("change", chooseFormat);
  chooseFormat();
}

// A format that suits the query: rows, or a graph.
function chooseFormat() {
  const graph = ["CONSTRUCT", "DESCRIBE"].includes(editor.getQueryType());
  const format = id("editor-format");
  const suits = format.selectedOptions[0].parentElement.label === (graph ? "Graphs" : "Rows");
  if (!suits) format.value = graph ? "turtle" : "csv";
}

function setUpFilter() {
  const words = id("editor-filter").querySelector("input");
  id("editor-filter").hidden = false;
  words.addEventListener("input", () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const group of id("editor-examples").querySelectorAll("details")) {
      let left = 0;
      for (const item of group.querySelectorAll("li")) {
        item.hidden = !wanted.every((word) => item.textContent.toLowerCase().includes(word));
        left += item.hidden ? 0 : 1;
      }
      group.hidden = left === 0;
      group.open = wanted.length > 0 && left > 0;
    }
  });
}
