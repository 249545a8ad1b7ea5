// The page that reads digits: every stroke is answered while the hand moves.
import { say } from "./ask.js";
import { predict } from "./asking.js";
import { fill, row, spoken, verdict } from "./names.js";
import { hand, keys } from "./pen.js";
import { Sketch } from "./sketch.js";

const TEN = 10;
const SENT = 256; // px a side: as much as a model of digits looks at
const PAUSE = 60; // ms between two answers while the hand moves
const STILL = 600; // ms without a stroke before it is read aloud
const UNIT = 7; // paper's px of the brush's one

const paper = document.getElementById("paper");
const brush = document.getElementById("brush");
const scores = document.getElementById("scores");
const pointer = document.getElementById("pointer");
const sketch = new Sketch(paper);
const model = () => document.querySelector("input[name=model]:checked").value;

// Never more than one request under way: what was drawn meanwhile is asked about next.
let asking = false;
let changed = false;

async function ask() {
  changed = true;
  if (asking) return;
  asking = true;
  while (changed) {
    changed = false;
    await answer();
    await new Promise((done) => setTimeout(done, PAUSE));
  }
  asking = false;
}

async function answer() {
  if (sketch.empty) return blank();
  try {
    const told = await predict(model(), sketch.picture(SENT), TEN);
    if (sketch.empty) blank();
    else show(told);
  } catch (error) {
    say(error.message, true);
  }
}

function show(told) {
  document.getElementById("answer").textContent = told.sure ? told.label : `${told.label}?`;
  document.getElementById("why").textContent = told.sure ? "" : `${verdict(told)}: ${told.why}`;
  for (const { label, probability } of told.ranked) fill(score(label), probability, label === told.label);
  aloud(spoken(told));
}

function score(label) {
  const there = [...scores.rows].find((each) => each.dataset.label === label);
  return there ?? scores.appendChild(row(label));
}

function blank() {
  document.getElementById("answer").textContent = "–";
  document.getElementById("why").textContent = "Every stroke is answered as it is drawn.";
  for (const each of scores.rows) {
    fill(each, 0, false);
    each.querySelector("td").textContent = "–";
  }
  aloud("The paper is empty.");
}

function aloud(words) {
  clearTimeout(aloud.timer);
  aloud.timer = setTimeout(() => (document.getElementById("heard").textContent = words), STILL);
}

function drawn() {
  for (const button of document.querySelectorAll("button[data-do]")) button.disabled = sketch.empty;
  ask();
}

function save() {
  const url = URL.createObjectURL(sketch.picture());
  Object.assign(document.createElement("a"), { href: url, download: "drawing.png" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

const drawing = {
  down: (point) => {
    sketch.begin(brush.value * UNIT, point);
    drawn();
  },
  move: (point) => {
    sketch.go(point);
    ask();
  },
  up: ask,
};

const change = (act) => () => {
  lifts.forEach((lift) => lift());
  act();
  drawn();
};
const ACTS = { undo: change(() => sketch.undo()), clear: change(() => sketch.clear()), save };

function mark(at, set) {
  pointer.hidden = !at;
  if (!at) return;
  const share = (value, whole) => `${(100 * value) / whole}%`;
  Object.assign(pointer.style, { left: share(at.x, paper.width), top: share(at.y, paper.height) });
  pointer.classList.toggle("down", set);
}

const lifts = [hand(paper, drawing), keys(paper, { ...drawing, mark, acts: { u: ACTS.undo, c: ACTS.clear } })];
document.addEventListener("click", (event) => ACTS[event.target.closest("button")?.dataset.do]?.());
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "z") ACTS.undo();
});
document.querySelector(".models").addEventListener("change", () => {
  scores.replaceChildren();
  ask();
});
