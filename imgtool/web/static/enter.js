// The token stands after the #, which browsers never send. It is exchanged for a cookie that no script can read.
const token = location.hash.slice(1);
if (token && !document.getElementById(token)) { // one that names a part of this page is a link within it
  history.replaceState(null, "", location.pathname);
  const reply = await fetch("/enter", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  const told = await reply.json();
  if (reply.ok) location.replace(told.to);
  else document.getElementById("said").textContent = told.error;
}
