// The graph explorer: it puts the parts together and keeps the address up with the view.

import { members } from "./answers.js";
import { Canvas, layouts } from "./canvas.js";
import { announce, button, counted, make } from "../shared/elements.js";
import { named } from "./kinds.js";
import { Legend } from "./legend.js";
import { List } from "./list.js";
import { Overview } from "./overview.js";
import { Panel } from "./panel.js";
import { Paths } from "./paths.js";
import { saveJson, savePng, saveSvg } from "./saving.js";
import { resolve, suggest } from "./search.js";
import { addressOf, stateOf } from "./share.js";
import { View } from "./view.js";

const id = (name) => document.getElementById(name);

const address = new URL(location.href);
const wanted = stateOf(address);

document.documentElement.classList.add("scripted");
id("explorer").hidden = false;

const view = new View();
for (const kind of wanted.hiddenKinds) view.hiddenKinds.add(kind);
for (const name of wanted.hiddenRelations) view.hiddenRelations.add(name);

// Before the canvas draws: what comes into an empty view gives the canvas its size.
view.addEventListener("change", describe);
const canvas = new Canvas(id("explore-canvas"), view);
const paths = new Paths(id("explore-paths"), id("explore-found-paths"), view, canvas);
const panel = new Panel(id("explore-details"), view, paths);
new List(id("explore-list"), view, panel);
new Legend(id("explore-kinds"), id("explore-relations"), view);

setUpSearch();
setUpTools();
setUpOverview();
await open();
view.addEventListener("change", remember);
view.addEventListener("select", remember);
describe();

async function open() {
  canvas.layout = layouts.includes(wanted.layout) ? wanted.layout : "force";
  id("explore-layout").value = canvas.layout;
  const starts = wanted.starts.filter(Boolean);
  try {
    if (starts.length || wanted.others.length) {
      const asked = [...starts, ...wanted.others];
      await view.bring(asked, { starts });
      if (view.unknown.length) announce(`The graph says nothing of ${view.unknown.join(", ")}.`);
      if (!wanted.others.length && starts.length === 1) view.select([...view.starts][0] ?? null);
      if (wanted.selected) view.select([...view.things.values()].find((t) => t.curie === wanted.selected)?.iri ?? null);
    }
  } catch (error) {
    announce(error.message);
  }
  await panel.draw();
  const form = id("explore-paths").elements;
  if (form.from.value && form.to.value && address.searchParams.has("from")) await paths.find();
}

function remember() {
  history.replaceState(null, "", addressOf(view, canvas.layout));
}

function describe() {
  const things = view.visibleThings().length;
  const edges = view.visibleEdges().length;
  id("explore-canvas").setAttribute(
    "aria-label",
    `Graph of ${counted(things, "thing")} and ${counted(edges, "connection")}; the list below holds the same.`,
  );
  document.documentElement.classList.toggle("nothing", view.things.size === 0);
}

function setUpSearch() {
  const form = id("explore-search");
  suggest(form.elements.q);
  suggest(id("explore-paths").elements.from);
  suggest(id("explore-paths").elements.to);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = form.elements.q.value.trim();
    if (!text) return;
    try {
      const { best, matches } = await resolve(text);
      const exact = matches.length === 1 || text.endsWith("]") || matches.filter(
        (match) => match.label.toLowerCase() === text.toLowerCase()).length === 1;
      if (best && exact) await put(best);
      else choose(`${text}: ${counted(matches.length, "match", "matches")}`, matches);
    } catch (error) {
      announce(error.message);
    }
  });
}

// Several things to choose from, below a heading; `more` fetches the next ones.
function choose(title, matches, more = null) {
  const heading = make("h2", { tabIndex: -1 }, title);
  const items = matches.map((match) =>
    make("li", {}, button(match.label, () => put(match), { className: "plain" }), ` ${named(match.kind)}, ${match.curie}`));
  const next = more ? button("More", more) : null;
  id("explore-matches").replaceChildren(...[heading, make("ul", {}, ...items), next].filter(Boolean));
  announce(heading.textContent);
  heading.focus();
}

// The things of a kind, a page at a time.
async function choices(kind, offset = 0) {
  try {
    const { things, total, next } = await members(kind, offset);
    const title = `${named(kind)}: ${offset + 1} to ${offset + things.length} of ${total}`;
    choose(title, things, next === null ? null : () => choices(kind, next));
  } catch (error) {
    announce(error.message);
  }
}

async function put(thing) {
  await view.bring([thing.iri], { starts: [thing.iri] });
  id("explore-matches").replaceChildren();
  id("explore-search").elements.q.value = "";
  view.select(thing.iri);
  await panel.draw();
  panel.focus();
  announce(`${thing.label} is in the graph.`);
}

function setUpTools() {
  const press = (name, action) => id(name).addEventListener("click", action);
  id("explore-layout").addEventListener("change", (event) => {
    canvas.layout = event.target.value;
    canvas.arrange();
    remember();
    announce(`Layout: ${event.target.selectedOptions[0].textContent}.`);
  });
  id("explore-names").addEventListener("change", (event) => canvas.nameAll(event.target.checked));
  press("explore-fit", () => canvas.fit());
  press("explore-in", () => canvas.zoom(1.25));
  press("explore-out", () => canvas.zoom(0.8));
  press("explore-clear", () => {
    view.clear();
    announce("The graph is empty.");
  });
  press("explore-png", () => savePng(canvas));
  press("explore-svg", () => saveSvg(canvas));
  press("explore-json", () => saveJson(canvas));
  press("explore-share", share);
}

async function share() {
  remember();
  const field = id("explore-link");
  field.value = location.href;
  field.parentElement.hidden = false;
  field.select();
  const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
  announce(copied ? "The link is copied." : "The link to this view is in the field.");
}

function setUpOverview() {
  const overview = new Overview(id("explore-classes"));
  const fold = id("explore-overview");
  for (const link of fold.querySelectorAll("th a")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      choices(new URL(link.href).searchParams.get("members"));
    });
  }
  const draw = () => fold.open && overview.draw(choices).catch((error) => announce(error.message));
  fold.addEventListener("toggle", draw);
  if (address.search === "" && wanted.others.length === 0) fold.open = true;
  draw();
}
