// One picture on the page: shown at once, then with what is said of it, then with what that was made from.
import { fill, row, spoken, verdict } from "./names.js";

const SOON = 2000; // ms; a network that is read already takes a hundredth of it
const one = document.getElementById("one");

export class Seen {
  constructor(picture) {
    this.picture = picture;
    this.at = one.content.cloneNode(true).firstElementChild;
    this.shown = false;
    this.find("figcaption").textContent = picture.name;
    this.find(".remove").setAttribute("aria-label", `Remove ${picture.name}`);
    this.find(".glow").addEventListener("click", () => this.glow());
    this.view();
  }

  find(what) {
    return this.at.querySelector(what);
  }

  view() {
    const view = this.find(".view");
    this.url = URL.createObjectURL(this.picture);
    view.addEventListener("load", () => (this.shown = true));
    view.addEventListener("error", () => view.removeAttribute("src"), { once: true }); // HEIC, TIFF: the server shows it
    view.src = this.url;
  }

  wait() {
    clearTimeout(this.late);
    this.late = setTimeout(() => this.say(".why", "A model's first answer takes longest."), SOON);
    this.told = null;
    this.at.setAttribute("aria-busy", "true");
    this.at.classList.remove("failed");
    this.find("h2").textContent = "Looking …";
    for (const part of [".why", ".names", ".glow", ".for", ".heat", ".dim", ".nearest", ".teach"]) {
      const there = this.find(part);
      if (there) there.hidden = true;
    }
  }

  answered() {
    clearTimeout(this.late);
    this.at.removeAttribute("aria-busy");
  }

  tell(told) {
    this.told = told;
    this.answered();
    this.find("h2").textContent = verdict(told);
    this.find(".view").alt = `${this.picture.name}: ${spoken(told)}`;
    this.say(".why", told.sure ? "" : told.why);
    const rows = told.ranked.map(({ label }) => row(label));
    rows.forEach((each, place) => fill(each, told.ranked[place].probability, place === 0));
    this.find("tbody").replaceChildren(...rows);
    this.find(".names").hidden = false;
    this.find(".for select").replaceChildren(...told.ranked.map(({ label }) => new Option(label)));
    if (this.find(".teach")) this.find(".teach").hidden = false;
  }

  fail(words) {
    this.answered();
    this.at.classList.add("failed");
    this.find("h2").textContent = "Not recognised";
    this.say(".why", words);
  }

  // The name for which it is to be told what was looked at.
  get wanted() {
    return this.find(".for select").value;
  }

  // What the second request brought: a view, a heat map or why there is none, and neighbours.
  look(looked) {
    this.find(".for").hidden &&= !looked.heat;
    const view = this.find(".view");
    if (!this.shown && looked.view) view.src = looked.view;
    if (looked.heat) this.find(".heat").src = looked.heat;
    this.find(".glow").hidden = !looked.heat;
    this.find(".heat").hidden = !looked.heat || !this.glowing;
    this.say(".dim", [...new Set([looked.heat ? "" : looked.why, looked.alone])].filter(Boolean).join(" "));
    const near = looked.nearest ?? [];
    this.find(".nearest ul").replaceChildren(...near.map(neighbour));
    this.find(".nearest").hidden = !near.length;
  }

  get glowing() {
    return this.find(".glow").getAttribute("aria-pressed") === "true";
  }

  glow() {
    this.find(".glow").setAttribute("aria-pressed", String(!this.glowing));
    this.find(".heat").hidden = !this.glowing;
  }

  say(where, words) {
    this.find(where).textContent = words ?? "";
    this.find(where).hidden = !words;
  }

  leave() {
    this.answered();
    URL.revokeObjectURL(this.url);
    this.at.remove();
  }
}

function neighbour({ label, likeness, path, thumb }) {
  const made = document.createElement("li");
  const image = Object.assign(new Image(96, 96), { src: thumb, alt: "", title: path });
  const name = document.createElement("b");
  const figure = document.createElement("span");
  name.textContent = label;
  figure.textContent = likeness.toFixed(2);
  figure.title = "likeness; 1 = the same";
  made.append(image, name, figure);
  return made;
}
