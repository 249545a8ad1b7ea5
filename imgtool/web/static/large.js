// The current picture, as large as the screen, with where it came from.
import * as board from "./board.js";

const dialog = document.getElementById("large");

export function enlarge(card) {
  if (!card) return;
  if (!dialog.open) dialog.showModal();
  leaf();
}

export async function leaf() {
  const card = board.current();
  const picture = dialog.querySelector("img");
  const facts = dialog.querySelector(".facts");
  picture.src = `view/${card.dataset.sha256}`;
  picture.alt = card.innerText;
  dialog.dataset.mark = card.dataset.mark ?? "";
  const reply = await fetch(`facts/${card.dataset.id}`);
  if (board.current() !== card) return; // the person was quicker
  facts.innerHTML = reply.ok ? await reply.text() : ""; // our own template, escaped where it was made
}

dialog?.addEventListener("close", () => board.current()?.focus());
