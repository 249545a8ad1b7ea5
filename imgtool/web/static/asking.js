// Pictures to our own server, and its words back. A server with too much to do names a time; it is waited for.

const TRIES = 6;
const LONGEST = 30; // s to wait, whatever is asked for
const ENDED = "imgtool is not running any more.";

export class Told extends Error {}

export const predict = async (model, picture, top) => (await sent("/api/predict", { model, top }, picture)).predictions[0];

export const look = (model, picture) => sent("/api/look", { model }, picture);

export async function fetched(url) {
  const reply = await asked("/fetch", { method: "POST", headers: json, body: JSON.stringify({ url }) });
  return new File([await reply.blob()], last(url));
}

export async function sample(at) {
  const reply = await asked(at, {});
  return new File([await reply.blob()], "sample");
}

export async function teach(form) {
  return (await asked("/teach", { method: "POST", body: form })).json();
}

const json = { "content-type": "application/json" };

async function sent(path, query, picture) {
  const headers = { "content-type": "application/octet-stream" }; // what it is, its first bytes tell
  const reply = await asked(`${path}?${new URLSearchParams(query)}`, { method: "POST", headers, body: picture });
  return reply.json();
}

async function asked(at, options) {
  for (let left = TRIES; ; left--) {
    const reply = await fetch(at, options).catch(() => {
      throw new Told(ENDED);
    });
    if (reply.ok) return reply;
    if (reply.status !== 429 || !left) throw new Told(await words(reply));
    const wait = Math.min(Number(reply.headers.get("retry-after")) || 1, LONGEST);
    await new Promise((done) => setTimeout(done, wait * 1000 * (1 + Math.random() / 2))); // not all at once
  }
}

async function words(reply) {
  const { error, hint } = await reply.json().catch(() => ({}));
  if (typeof error === "object") return [error.message, error.hint].filter(Boolean).join(" ");
  return [error ?? `That did not work (${reply.status}).`, hint].filter(Boolean).join(" ");
}

const last = (url) => decodeURI(new URL(url).pathname).split("/").filter(Boolean).at(-1) ?? url;
