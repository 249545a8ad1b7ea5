// imgtool: paste into the console (F12) of a Google Images or Bing Images result page.
// Scroll first: what the page has loaded is what is written. Then: imgtool scrape --from urls.txt --label NAME
(() => {
  const found = new Set();
  const keep = (url) => /^https?:/.test(url || "") && !/(^|\.)(gstatic|google)\.com$|\.bing\.(com|net)$/.test(new URL(url).hostname) && found.add(url);
  const soft = (read) => { try { read(); } catch { /* one odd card must not cost the others */ } };

  // Bing: every card carries its facts as JSON in the attribute "m".
  for (const card of document.querySelectorAll("a.iusc[m]")) soft(() => keep(JSON.parse(card.getAttribute("m")).murl));

  // Google: the page's own data hold [address, height, width]; a card's link appears when it is pointed at.
  for (const script of document.scripts)
    for (const [, text] of script.textContent.matchAll(/\[("https?:(?:[^"\\]|\\.)*"),\d+,\d+\]/g)) soft(() => keep(JSON.parse(text)));
  for (const card of document.querySelectorAll("div[data-docid] img, div[data-lpage] img"))
    for (const kind of ["mouseover", "mousedown", "contextmenu"]) card.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true }));
  for (const link of document.querySelectorAll('a[href*="/imgres?"]')) soft(() => keep(new URL(link.href).searchParams.get("imgurl")));

  const words = new URL(location.href).searchParams.get("q") || document.title;
  const lines = [`# ${words.replace(/\s+/g, " ")} (${location.hostname})`, ...found];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([lines.join("\n") + "\n"], { type: "text/plain" }));
  link.download = "urls.txt";
  link.click();
  console.log(`imgtool: ${found.size} addresses written to urls.txt`);
  return found.size;
})();
