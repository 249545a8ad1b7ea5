// Pictures are options of listboxes: one is current, any number are selected. All boards of a page are one walk.

export const cards = () => [...document.querySelectorAll("[role=option]")];
export const current = () => document.querySelector("[role=option][tabindex='0']");
export const selected = () => [...document.querySelectorAll("[role=option][aria-selected=true]")];
export const decided = (card) => Boolean(card.dataset.mark);

let anchor = null; // where a range begins
const watchers = [];
export const onChange = (watcher) => watchers.push(watcher);
const changed = () => watchers.forEach((watcher) => watcher());

export function select(card, on) {
  card.setAttribute("aria-selected", String(on));
}

export function clear() {
  selected().forEach((card) => select(card, false));
  changed();
}

export function all() {
  cards().filter((card) => !decided(card)).forEach((card) => select(card, true));
  changed();
}

export function toggle(card) {
  select(card, card.getAttribute("aria-selected") !== "true");
  anchor = card;
  changed();
}

export function make(card, { focus = true } = {}) {
  if (!card) return;
  current()?.setAttribute("tabindex", "-1");
  card.setAttribute("tabindex", "0");
  if (focus) card.focus();
  if (focus) card.scrollIntoView({ block: "nearest" });
  changed();
}

export function range(to) {
  const every = cards();
  const from = every.indexOf(anchor ?? current() ?? to);
  const [low, high] = [from, every.indexOf(to)].sort((a, b) => a - b);
  every.forEach((card, place) => select(card, place >= low && place <= high && !decided(card)));
  anchor = every[from];
  make(to);
}

export function beside(step) {
  const every = cards();
  const place = every.indexOf(current());
  return every[Math.min(Math.max(place + step, 0), every.length - 1)];
}

// The nearest card of the next line of cards, above (-1) or below (1).
export function beyond(direction) {
  const here = current()?.getBoundingClientRect();
  if (!here) return cards()[0];
  const boxes = cards().map((card) => ({ card, box: card.getBoundingClientRect() }));
  const further = boxes.filter(({ box }) => direction * (box.top - here.top) > 4);
  if (!further.length) return current();
  const line = direction > 0 ? Math.min(...further.map((f) => f.box.top)) : Math.max(...further.map((f) => f.box.top));
  const near = further.filter(({ box }) => Math.abs(box.top - line) < 4);
  near.sort((a, b) => Math.abs(a.box.left - here.left) - Math.abs(b.box.left - here.left));
  return near[0].card;
}

// After a decision: the next picture that has none, else the last one.
export function onward(from, how) {
  const every = cards();
  const later = every.slice(every.indexOf(from) + 1);
  make(later.find((card) => !decided(card)) ?? from, how);
}

export function forgetAnchor() {
  anchor = null;
}
