// Make an element with properties and children; texts are text nodes, never markup.
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "data") Object.assign(element.dataset, value);
    else if (key.startsWith("aria-") || key === "role") element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const button = (text, press, properties = {}) =>
  make("button", { type: "button", onclick: press, ...properties }, text);

// Write new content into an element and keep the focus: on the same key, else where `lost` says.
export function refill(element, children, lost = null) {
  const key = element.contains(document.activeElement)
    ? document.activeElement.closest("[data-key]")?.dataset.key ?? ""
    : null;
  element.replaceChildren(...children);
  if (key === null) return;
  const same = [...element.querySelectorAll("[data-key]")].find((e) => e.dataset.key === key);
  (same && !same.disabled ? same : lost?.())?.focus();
}

const status = document.querySelector("[role=status]");

// Say what happened, for those who do not see the graph move.
export function announce(words) {
  status.textContent = words;
}

export const counted = (number, one, many = plural(one)) => `${number} ${number === 1 ? one : many}`;

// Studies and discrepancies, but drugs and arrays.
const plural = (one) => (/[^aeiou]y$/.test(one) ? `${one.slice(0, -1)}ies` : `${one}s`);
