// imgtool: writes down the pictures of a Google Images or Bing Images result page.
// Paste it into the page's console (F12, "Console"; Chrome may want you to type "allow pasting" first). It scrolls for
// more until nothing new comes and saves urls-<query>.txt, which `imgtool scrape --from` reads: a line is the picture's
// address, its page and its title, with tabs between. It clicks nothing, loads nothing and sends nothing anywhere.
(async () => {
  const MOST = 1000, PATIENCE = 4; // pictures, where both engines begin to repeat; seconds that may bring nothing new
  const found = new Map(), seen = new WeakSet(), every = (kind) => [...document.querySelectorAll(kind)];
  const soft = (work) => (...all) => { try { work(...all); } catch { /* one odd card must not cost the others */ } };
  const flat = (text) => (text || "").replace(/[\s\uE000\uE001]+/g, " ").trim(); // Bing marks hits with U+E000
  const plain = (text) => JSON.parse(`"${text || ""}"`);
  const add = (url, page, title) => {
    const { href } = new URL(url);
    const line = [href, flat(page), flat(title)].join("\t");
    if (/^https?:/.test(href) && !found.has(href)) found.set(href, line);
  };
  // Google's data: ["thumb",h,w],["ORIGINAL",h,w] … "2003":[null,"id","PAGE","TITLE", in JSON or in a string of it.
  const PAIR = /\["https?:[^"]{0,8}encrypted-tbn[^"]*",\d+,\d+\],\["(https?:[^"]+)",\d+,\d+\]/g;
  const NOTE = /"2003":\[null,"[^"]*","([^"]*)","((?:[^"\\]|\\.)*)"/;
  const read = soft((text) => {
    const whole = /\[\\"https?:[^"]{0,9}encrypted-tbn/.test(text) ? text.replace(/\\(["\\])/g, "$1") : text;
    [...whole.matchAll(PAIR)].forEach(soft((pair, at, pairs) => {
      const [, page, title] = NOTE.exec(whole.slice(pair.index, pairs[at + 1]?.index ?? pair.index + 4000)) || [];
      add(plain(pair[1]), plain(page), plain(title));
    }));
  });
  const card = soft(({ murl, purl, t, mid }) => mid && add(murl, purl, t)); // Bing's; what has no id is a repeat
  const link = soft((told) => add(told.get("imgurl"), told.get("imgrefurl")));
  const point = (shown) => shown.dispatchEvent(new MouseEvent("mouseover", { bubbles: true })); // then it has its link
  const look = () => {
    const fresh = (node) => !seen.has(node) && seen.add(node);
    [...document.scripts].filter(fresh).forEach((script) => read(script.textContent));
    every("a.iusc[m]").filter(fresh).forEach(soft((a) => card(JSON.parse(a.getAttribute("m")))));
    every("[data-docid]").filter(fresh).forEach((result) => point(result.querySelector("img") || result));
    every('a[href*="/imgres?"]').forEach((a) => link(new URL(a.href).searchParams));
  };
  // What scrolling adds at Google comes in the answers to the page's own requests: they are read as they arrive.
  const { fetch } = window, { prototype } = XMLHttpRequest, { open } = prototype;
  prototype.open = function (...all) {
    this.addEventListener("load", soft(() => read(this.responseText)));
    open.apply(this, all);
  };
  window.fetch = (...all) => fetch(...all).then((answer) => (answer.clone().text().then(read, () => {}), answer));
  for (let still = 0, before = 0; still < PATIENCE && found.size < MOST; before = found.size) {
    window.scrollTo(0, document.documentElement.scrollHeight);
    await new Promise((done) => setTimeout(done, 1000));
    look();
    still = found.size > before ? 0 : still + 1;
    console.log(`imgtool: ${found.size} pictures`);
  }
  Object.assign(window, { fetch }), Object.assign(prototype, { open });
  const query = flat(new URLSearchParams(location.search).get("q") || document.title);
  const engine = every("a.iusc[m]").length ? "bing" : "google";
  const head = `# engine: ${engine}\n# query: ${query}\n# date: ${new Date().toISOString()}`;
  const lines = [head, ...[...found.values()].slice(0, MOST), ""].join("\n");
  const name = `urls-${query.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60) || "list"}.txt`;
  const href = URL.createObjectURL(new Blob([lines]));
  const saved = Object.assign(document.createElement("a"), { download: name, href });
  if (found.size) saved.click();
  console.log(found.size ? `imgtool: saved as ${name}` : "imgtool: no pictures; is this a page of results?");
})();
