// Requests to our own server, one after the other, in the order they were made.

let line = Promise.resolve();

export function inTurn(job) {
  const done = line.then(job);
  line = done.catch(() => {});
  return done;
}

export async function post(path, body) {
  let reply;
  try {
    reply = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("imgtool is not running any more. Nothing was changed.");
  }
  const told = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Error([told.error ?? "That did not work.", told.hint].filter(Boolean).join(" "));
  return told;
}

export function say(words, bad = false) {
  const place = document.getElementById("said");
  place.textContent = words;
  place.classList.toggle("bad", bad);
  place.classList.add("shown");
  clearTimeout(say.timer);
  say.timer = setTimeout(() => place.classList.remove("shown"), bad ? 9000 : 4000);
}

export function left(counts) {
  for (const [kind, count] of Object.entries(counts ?? {}))
    for (const place of document.querySelectorAll(`[data-left="${kind}"]`)) place.textContent = count;
}
