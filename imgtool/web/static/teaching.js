// "Wrong? Say what it is": a picture with its right name, up for review in the dataset.
import { teach } from "./asking.js";

export function teaching(seen, model) {
  const form = seen.find(".teach form");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const place = seen.find(".taught");
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const told = await teach(lesson(seen, form.elements.label.value, model()));
      place.textContent = `${told.said} `;
      if (told.queued) place.append(Object.assign(document.createElement("a"), { href: "/review/taught", textContent: "Review it" }));
      form.reset();
    } catch (error) {
      place.textContent = error.message;
    }
    button.disabled = false;
  });
}

function lesson(seen, label, model) {
  const made = new FormData();
  made.append("file", seen.picture, seen.picture.name);
  made.append("label", label.trim());
  made.append("model", model);
  return made;
}
