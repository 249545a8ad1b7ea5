// What moves over the paper: mouse, finger or pen; or the arrow keys.

const STEP = 14; // paper's px a key press: forty across
const LIGHT = 0.4; // of the pen's width that is left when it hardly touches

export function hand(paper, { down, move, up }) {
  let drawing = null; // the pointer that draws; a second finger is not heard
  const point = (event) => {
    const box = paper.getBoundingClientRect();
    const scale = paper.width / box.width;
    const press = event.pointerType === "pen" ? LIGHT + (1 - LIGHT) * 2 * event.pressure : 1; // 0.5 is usual
    return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale, press };
  };
  paper.addEventListener("pointerdown", (event) => {
    if (drawing !== null || event.button) return;
    drawing = event.pointerId;
    paper.setPointerCapture(drawing);
    down(point(event));
  });
  paper.addEventListener("pointermove", (event) => {
    if (event.pointerId !== drawing) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const each of passed.length ? passed : [event]) move(point(each));
  });
  for (const end of ["pointerup", "pointercancel"])
    paper.addEventListener(end, (event) => {
      if (event.pointerId !== drawing) return;
      drawing = null;
      up();
    });
  return () => (drawing = null); // to lift it: what it drew is gone
}

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function keys(paper, { down, move, up, mark, acts }) {
  const at = { x: paper.width / 2, y: paper.height / 4, press: 1 };
  let set = false;
  const toggle = () => {
    set = !set;
    if (set) down({ ...at });
    else up();
    mark(at, set);
  };
  paper.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = WAYS[event.key];
    const act = way ? () => go(way) : event.key === " " ? toggle : acts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
  function go([right, below]) {
    at.x = Math.min(Math.max(at.x + STEP * right, 0), paper.width);
    at.y = Math.min(Math.max(at.y + STEP * below, 0), paper.height);
    if (set) move({ ...at });
    mark(at, set);
  }
  paper.addEventListener("blur", () => {
    if (set) toggle();
    mark(null);
  });
  return () => (set = false);
}
