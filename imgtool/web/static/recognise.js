// The page that recognises: pictures in, each with its answer, the last ones first.
import { look, predict } from "./asking.js";
import { bringing } from "./bringing.js";
import { camera } from "./camera.js";
import { crew } from "./crew.js";
import { spoken } from "./names.js";
import { Seen } from "./seen.js";
import { teaching } from "./teaching.js";

const TOP = 5; // names
const LARGEST = 32 * 2 ** 20; // bytes; the server takes no more
const place = document.getElementById("seen");
const heard = document.getElementById("heard");
const asking = crew(4); // the server takes what comes together in one go
const looking = crew(1); // never in the way of an answer
const all = new Map(); // by their place on the page
const near = new IntersectionObserver((entries) => entries.filter((e) => e.isIntersecting).forEach((e) => explain(all.get(e.target))));

const model = () => document.querySelector("input[name=model]:checked").value;

function take(pictures) {
  const brought = pictures.map((picture) => new Seen(picture));
  for (const seen of brought) {
    all.set(seen.at, seen);
    seen.find(".remove").addEventListener("click", () => remove(seen));
    seen.find(".for select").addEventListener("change", () => explain(seen));
    teaching(seen, model);
  }
  place.prepend(...brought.map((seen) => seen.at));
  document.getElementById("end").hidden = !all.size;
  brought[0]?.at.scrollIntoView({ block: "nearest" });
  return Promise.all(brought.map(ask)).then(() => announce(brought));
}

async function ask(seen) {
  const asked = model();
  const stale = () => asked !== model() || !all.has(seen.at);
  seen.wait();
  near.unobserve(seen.at);
  try {
    await readable(seen.picture);
    const told = await asking(async () => stale() || predict(asked, seen.picture, TOP));
    if (stale()) return;
    seen.tell(told);
    near.observe(seen.at);
  } catch (error) {
    if (!stale()) seen.fail(error.message);
  }
}

// The second request: what it looked at, once the answer is in sight.
async function explain(seen) {
  if (!seen?.told) return;
  near.unobserve(seen.at);
  const [asked, label] = [model(), seen.wanted];
  try {
    const looked = await looking(() => look(asked, seen.picture, label));
    if (asked === model() && seen.told && seen.wanted === label) seen.look(looked);
  } catch (error) {
    if (asked === model()) seen.say(".dim", error.message);
  }
}

async function readable(picture) {
  if (picture.size > LARGEST) throw new Error(`It has ${Math.ceil(picture.size / 2 ** 20)} MiB; 32 is the most.`);
  await picture.slice(0, 1).arrayBuffer().catch(() => {
    throw new Error("It cannot be read. Of a folder, choose the pictures in it.");
  });
}

function announce(brought) {
  const told = brought.filter((seen) => all.has(seen.at));
  const words = told.slice(0, 3).map((seen) => `${seen.picture.name}: ${seen.told ? spoken(seen.told) : seen.find(".why").textContent}`);
  if (told.length > 3) words.push(`and ${told.length - 3} more`);
  heard.textContent = words.join(". ");
}

function remove(seen) {
  const next = seen.at.nextElementSibling ?? seen.at.previousElementSibling;
  all.delete(seen.at);
  seen.leave();
  (next?.querySelector(".remove") ?? document.getElementById("files")).focus();
  document.getElementById("end").hidden = !all.size;
}

document.getElementById("clear").addEventListener("click", () => [...all.values()].forEach(remove));
document.querySelector(".models").addEventListener("change", () => {
  const again = [...all.values()];
  Promise.all(again.map(ask)).then(() => announce(again));
});
bringing(take);
camera(take);
