// Names and their probabilities, as rows with bars.

export function percent(share) {
  const told = (100 * share).toFixed(1);
  if (told === "100.0" && share < 1) return "> 99.9 %";
  return told === "0.0" && share > 0 ? "< 0.1 %" : `${told} %`;
}

export function row(label) {
  const made = document.createElement("tr");
  const [name, figure, wide] = ["th", "td", "td"].map((kind) => document.createElement(kind));
  const bar = document.createElement("meter");
  Object.assign(bar, { min: 0, max: 1, value: 0, ariaHidden: "true" }); // its figure is beside it
  name.scope = "row";
  name.textContent = label;
  figure.className = "number";
  wide.className = "wide";
  wide.append(bar);
  made.append(name, figure, wide);
  made.dataset.label = label;
  return made;
}

export function fill(row, share, first) {
  row.querySelector("td").textContent = percent(share);
  row.querySelector("meter").value = share;
  row.classList.toggle("best", first);
}

// "cat", or that it is not sure.
export const verdict = (told) => (told.sure ? told.label : "Not sure");

export function spoken(told) {
  const best = `${told.label} ${percent(told.probability)}`;
  return told.sure ? best : `not sure: ${told.why}. Likeliest ${best}`;
}
