// How are two things connected? The form, and the paths it finds, each told in words.

import * as answers from "./answers.js";
import { announce, button, counted, make } from "../shared/elements.js";

export class Paths {
  #view;
  #canvas;
  #form;
  #found;

  constructor(form, found, view, canvas) {
    this.#form = form;
    this.#found = found;
    this.#view = view;
    this.#canvas = canvas;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.find();
    });
  }

  // Fill one end of the form and go to the other.
  begin(end, thing) {
    const other = end === "from" ? "to" : "from";
    this.#form.elements[end].value = `${thing.label} [${thing.curie}]`;
    this.#form.elements[other].focus();
  }

  async find() {
    const { from, to, longest } = this.#form.elements;
    announce("Looking for paths …");
    try {
      this.#show(await answers.paths(from.value, to.value, longest.value));
    } catch (error) {
      this.#found.replaceChildren(make("p", {}, error.message));
      announce(error.message);
    }
  }

  #show({ from, to, paths, note }) {
    const title = `${from.label} and ${to.label}: ${counted(paths.length, "path")}`;
    const heading = make("h2", { tabIndex: -1 }, title);
    const items = paths.map((path) =>
      make("li", {}, make("span", {}, path.words), " ",
        button("Show", () => this.#draw(path), { "aria-label": `Show in the graph: ${path.words}` }),
        make("details", {}, make("summary", {}, "Step by step"),
          make("ul", {}, ...path.lines.map((line) => make("li", {}, line))))),
    );
    this.#found.replaceChildren(...[heading, note && make("p", {}, note), make("ol", {}, ...items)].filter(Boolean));
    announce(title);
    heading.focus();
    if (paths.length) this.#draw(paths[0]);
  }

  async #draw(path) {
    const ends = [path.things[0], path.things.at(-1)].map((thing) => thing.curie);
    try {
      await this.#view.bring(path.things.map((thing) => thing.curie), { starts: ends });
      this.#canvas.highlight(path);
      announce(`In the graph: ${path.words}`);
    } catch (error) {
      announce(error.message);
    }
  }
}
