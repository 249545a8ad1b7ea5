// The ways in which pictures come onto the page: dropped, pasted, chosen, an address, a sample.
import { fetched, sample } from "./asking.js";
import { say } from "./ask.js";

export function bringing(take) {
  const place = document.getElementById("drop");
  const field = document.getElementById("address");
  const came = (promise) => promise.then((file) => take([file]), (error) => say(error.message, true));
  const linked = (url) => (field ? came(fetched(url)) : say("Save the picture, and drop its file: addresses are not fetched here.", true));

  chosen(take);
  dragged(place, (data) => brought(data, take, linked));
  document.addEventListener("paste", (event) => {
    if (!event.target.closest?.("input")) brought(event.clipboardData, take, linked);
  });
  field?.addEventListener("submit", (event) => {
    event.preventDefault();
    came(fetched(field.elements.url.value)).then(() => field.reset());
  });
  place.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sample]");
    if (button) came(sample(button.dataset.sample, button.getAttribute("aria-label")));
  });
}

function chosen(take) {
  for (const input of document.querySelectorAll("input[type=file]"))
    input.addEventListener("change", () => {
      take([...input.files]);
      input.value = ""; // the same file may be chosen again
    });
}

function dragged(place, drop) {
  let inside = 0; // entering a child comes before leaving its parent
  const light = (change) => {
    inside = Math.max(0, inside + change);
    place.classList.toggle("over", inside > 0);
  };
  document.addEventListener("dragenter", () => light(1));
  document.addEventListener("dragleave", () => light(-1));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    light(-inside);
    drop(event.dataTransfer);
  });
}

function brought(data, take, linked) {
  const files = [...data.files];
  const url = (data.getData("text/uri-list") || data.getData("text/plain")).trim().split(/\s/)[0];
  if (files.length) take(files);
  else if (/^https?:/i.test(url)) linked(url);
}
