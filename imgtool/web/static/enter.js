// The token stands after the #, which browsers never send. It is exchanged for a cookie that no script can read.

async function enter() {
  const token = location.hash.slice(1);
  if (!token || document.getElementById(token)) return; // one that names a part of this page is a link within it
  history.replaceState(null, "", location.pathname);
  const reply = await fetch("/enter", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  const told = await reply.json();
  if (reply.ok) location.replace(told.to);
  else refuse(told.error?.message ?? told.error);
}

function refuse(words) {
  const place = document.getElementById("said");
  place.textContent = words;
  place.classList.add("shown");
}

addEventListener("hashchange", enter); // the address pasted into a page that is open already
await enter();
