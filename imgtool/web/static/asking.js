// Pictures to our own server, and its words back. A server with too much to do names a time; it is waited for.
import { worded } from "./reasons.js";

const TRIES = 6;
const LONGEST = 30; // s to wait, whatever is asked for
const ENDED = "imgtool is not running any more.";

export const predict = async (model, picture, top) => (await sent("/api/predict", { model, top }, picture)).predictions[0];

export const look = (model, picture, label) => sent("/api/look", { model, label }, picture);

export async function fetched(url) {
  const headers = { "content-type": "application/json" };
  const reply = await asked("/fetch", { method: "POST", headers, body: JSON.stringify({ url }) });
  return new File([await reply.blob()], last(url));
}

export async function sample(at, name) {
  const reply = await asked(at, {});
  return new File([await reply.blob()], name);
}

export async function teach(form) {
  return (await asked("/teach", { method: "POST", body: form })).json();
}

async function sent(path, query, picture) {
  const headers = { "content-type": "application/octet-stream" }; // what it is, its first bytes tell
  const reply = await asked(`${path}?${new URLSearchParams(query)}`, { method: "POST", headers, body: picture });
  return reply.json();
}

async function asked(at, options) {
  for (let left = TRIES; ; left--) {
    const reply = await fetch(at, options).catch(() => {
      throw new Error(ENDED);
    });
    if (reply.ok) return reply;
    if (reply.status !== 429 || !left) throw new Error(worded(await reply.json().catch(() => ({})), reply.status));
    const wait = Math.min(Number(reply.headers.get("retry-after")) || 1, LONGEST);
    await new Promise((done) => setTimeout(done, wait * 1000 * (1 + Math.random() / 2))); // not all at once
  }
}

const last = (url) => url.split(/[?#]/)[0].split("/").filter(Boolean).at(-1) ?? url;
