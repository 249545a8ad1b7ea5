// Strokes on paper. They are kept as points, so that one can be taken back; the paper is drawn anew from them.
import { still } from "./still.js";

const INK = "#111";
const PAPER = "#fff"; // by night too: it is what the model is shown

export class Sketch {
  constructor(paper) {
    this.paper = paper;
    this.ink = paper.getContext("2d", { desynchronized: true });
    Object.assign(this.ink, { lineCap: "round", lineJoin: "round" });
    this.strokes = [];
    this.paint();
  }

  get empty() {
    return !this.strokes.length;
  }

  begin(width, point) {
    this.strokes.push({ width, points: [] });
    this.go(point);
  }

  go(point) {
    const stroke = this.strokes.at(-1);
    stroke.points.push(point);
    this.line(stroke, stroke.points.length - 1);
  }

  undo() {
    this.strokes.pop();
    this.paint();
  }

  clear() {
    this.strokes = [];
    this.paint();
  }

  paint() {
    this.ink.fillStyle = PAPER;
    this.ink.fillRect(0, 0, this.paper.width, this.paper.height);
    for (const stroke of this.strokes) stroke.points.forEach((_, place) => this.line(stroke, place));
  }

  // From the point before to this one; a first point is a dot.
  line({ width, points }, place) {
    const [from, to] = [points[Math.max(0, place - 1)], points[place]];
    this.ink.strokeStyle = INK;
    this.ink.lineWidth = width * to.press;
    this.ink.beginPath();
    this.ink.moveTo(from.x, from.y);
    this.ink.lineTo(to.x, to.y);
    this.ink.stroke();
  }

  // As a PNG; a model needs no large one.
  picture(side = this.paper.width) {
    const copy = Object.assign(document.createElement("canvas"), { width: side, height: side });
    const ink = copy.getContext("2d", { willReadFrequently: true });
    ink.imageSmoothingQuality = "high";
    ink.drawImage(this.paper, 0, 0, side, side);
    return still(copy, "image/png");
  }
}
