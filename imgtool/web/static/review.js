// The review pages: keys, clicks and buttons become decisions, shown at once and taken back if they fail.
import { inTurn, left, post, say } from "./ask.js";
import * as board from "./board.js";
import { enlarge, leaf } from "./large.js";

const MARKS = { keep: "kept", drop: "dropped", move: "moved" };
const classes = [...document.querySelectorAll("select[data-do=move] option")].map((o) => o.value).filter(Boolean);
const large = document.getElementById("large");
const help = document.getElementById("help");
const touch = matchMedia("(pointer: coarse)");

function chosen() {
  const picked = board.selected();
  const one = board.current();
  return picked.length ? picked : one ? [one] : [];
}

function mark(cards, word) {
  for (const card of cards) {
    card.dataset.mark = word;
    board.select(card, false);
  }
}

async function decide(verdict, cards, target = "") {
  cards = cards.filter((card) => (card.dataset.mark ?? "kept") === "kept" && card.dataset.label !== target);
  if (!cards.length) return;
  const before = new Map(cards.map((card) => [card, card.dataset.mark]));
  mark(cards, MARKS[verdict]);
  board.forgetAnchor();
  board.onward(cards.at(-1), { focus: !large?.open });
  if (large?.open) leaf();
  try {
    const ids = cards.map((card) => card.dataset.id);
    const told = await inTurn(() => post("decide", { verdict, ids, target }));
    restore(cards.filter((card) => !told.ids.includes(card.dataset.id)), before);
    left(told.left);
    say(touch.matches ? told.said : `${told.said} U takes it back.`);
  } catch (error) {
    restore(cards, before);
    say(error.message, true);
  }
}

function restore(cards, before = new Map()) {
  for (const card of cards) {
    if (before.get(card)) card.dataset.mark = before.get(card);
    else delete card.dataset.mark;
  }
}

async function undo(change = 0) {
  try {
    const told = await inTurn(() => post("undo", { change }));
    left(told.left);
    const back = told.ids.map((id) => document.getElementById(`p${id}`));
    if (!back.length || back.includes(null)) return again();
    restore(back);
    board.make(back[0]);
    say(told.said);
  } catch (error) {
    say(error.message, true);
  }
}

function again() {
  const place = board.cards().indexOf(board.current());
  sessionStorage.setItem("place", JSON.stringify({ at: location.href, place }));
  location.reload();
}

async function everything(button) {
  const { all, check = "", expected } = button.dataset;
  if (!confirm(`${button.textContent.trim()}? It can be undone.`)) return;
  try {
    await inTurn(() => post("decide", { verdict: "drop", list: all, check, expected: Number(expected) }));
    location.reload();
  } catch (error) {
    say(error.message, true);
  }
}

async function look() {
  say("Looking at the folder …");
  try {
    await inTurn(() => post("look", {}));
    location.reload();
  } catch (error) {
    say(error.message, true);
  }
}

const group = (from) => [...(from?.closest(".group")?.querySelectorAll("[role=option]") ?? [])];

function accept(from) {
  const others = group(from).slice(1).filter((card) => !board.decided(card));
  if (others.length) decide("drop", others);
}

function show(dialog) {
  if (!dialog.open) dialog.showModal();
}

// How many of this page's list will be gone when the next page is asked for: that much earlier it begins.
function gone() {
  const out = (card) => ["dropped", "moved"].includes(card.dataset.mark);
  const here = document.getElementById("main").dataset.here;
  if (here === "classes") return board.cards().filter(out).length;
  if (here === "findings") return board.cards().filter(board.decided).length;
  const settled = (section) => {
    const there = [...section.querySelectorAll("[role=option]")].filter((card) => !out(card));
    return there.length < 2 || there.slice(1).every(board.decided);
  };
  return [...document.querySelectorAll(".group")].filter(settled).length;
}

function turn(rel) {
  const link = document.querySelector(`a[rel=${rel}]`);
  if (!link) return;
  const to = new URL(link.href);
  if (rel === "next") to.searchParams.set("start", Math.max(0, Number(to.searchParams.get("start")) - gone()));
  location.assign(to);
}

const go = (card) => () => {
  board.make(card(), { focus: !large?.open });
  if (large?.open) leaf();
};
const next = go(() => board.beside(1));
const previous = go(() => board.beside(-1));

const ACTS = {
  next,
  previous,
  keep: () => decide("keep", chosen()),
  drop: () => decide("drop", chosen()),
  undo: () => undo(),
  all: board.all,
  accept: (from) => accept(from ?? board.current()),
  keepAll: () => decide("keep", group(board.current()).filter((card) => !board.decided(card))),
  enlarge: () => enlarge(board.current()),
  help: () => show(help),
  close: () => [large, help].forEach((dialog) => dialog?.close()),
  look,
};

const KEYS = {
  ArrowRight: next,
  ArrowLeft: previous,
  ArrowDown: go(() => board.beyond(1)),
  ArrowUp: go(() => board.beyond(-1)),
  n: next,
  p: previous,
  Home: go(() => board.cards()[0]),
  End: go(() => board.cards().at(-1)),
  " ": () => board.toggle(board.current()),
  Enter: ACTS.enlarge,
  k: ACTS.keep,
  K: ACTS.keepAll,
  d: ACTS.drop,
  Delete: ACTS.drop,
  g: () => accept(board.current()),
  u: ACTS.undo,
  a: ACTS.all,
  m: () => document.querySelector("select[data-do=move]").focus(),
  "?": ACTS.help,
  Escape: board.clear,
  "[": () => turn("prev"),
  "]": () => turn("next"),
};
const RANGES = {
  ArrowRight: () => board.range(board.beside(1)),
  ArrowLeft: () => board.range(board.beside(-1)),
  ArrowDown: () => board.range(board.beyond(1)),
  ArrowUp: () => board.range(board.beyond(-1)),
};

function keyed(event) {
  if (event.target.closest("select, input, textarea") || event.altKey || help?.open) return;
  if (event.target.closest("button, a") && ["Enter", " "].includes(event.key)) return;
  const control = event.ctrlKey || event.metaKey;
  if (control && event.key !== "z" && event.key !== "a") return;
  const number = Number(event.key);
  const target = number >= 1 && number <= 9 ? classes[number - 1] : undefined;
  const act = target
    ? () => decide("move", chosen(), target)
    : control
      ? { z: ACTS.undo, a: ACTS.all }[event.key]
      : ((event.shiftKey ? RANGES[event.key] : null) ?? KEYS[event.key] ?? KEYS[event.key.toLowerCase()]);
  if (!act || (!board.current() && act !== ACTS.undo && act !== ACTS.help)) return;
  if (event.key === "Escape" && large?.open) return; // the dialog's own
  event.preventDefault();
  act();
}

function clicked(event) {
  const card = event.target.closest("[role=option]");
  if (card) return pressed(card, event);
  const button = event.target.closest("button");
  if (button?.dataset.do) ACTS[button.dataset.do](button);
  else if (button?.dataset.undo) undo(Number(button.dataset.undo));
  else if (button?.dataset.all) everything(button);
  const link = event.target.closest("a[rel=next]");
  if (link) {
    event.preventDefault();
    turn("next");
  }
}

function pressed(card, event) {
  if (event.shiftKey) return board.range(card);
  if (event.ctrlKey || event.metaKey || touch.matches) {
    board.make(card);
    return board.toggle(card);
  }
  board.clear();
  board.forgetAnchor();
  board.make(card);
}

function count() {
  const place = document.querySelector("[data-chosen]");
  const many = board.selected().length;
  if (place) place.textContent = many ? `${many} selected` : "";
}

async function wait() {
  const state = await fetch("state").then((reply) => reply.json()).catch(() => null);
  if (state?.looked) location.reload();
  else setTimeout(wait, 1000);
}

document.addEventListener("keydown", keyed);
document.addEventListener("click", clicked);
document.addEventListener("dblclick", (event) => event.target.closest("[role=option]") && ACTS.enlarge());
document.querySelector("select[data-do=move]")?.addEventListener("change", ({ target }) => {
  if (target.value) decide("move", chosen(), target.value);
  target.value = "";
});
board.onChange(count);
if (document.querySelector("[data-waiting]")) setTimeout(wait, 500);

const kept = JSON.parse(sessionStorage.getItem("place") ?? "null");
sessionStorage.removeItem("place");
const first = board.cards()[kept?.at === location.href ? Math.max(kept.place, 0) : 0] ?? board.cards()[0];
board.make(first, { focus: Boolean(first) });
