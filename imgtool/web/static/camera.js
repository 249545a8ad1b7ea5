// The camera: asked for on a click, seen in a dialog, let go of when that closes.
import { say } from "./ask.js";
import { still } from "./still.js";

const REFUSALS = {
  NotAllowedError: "The browser was not allowed to use the camera.",
  NotFoundError: "There is no camera.",
  NotReadableError: "The camera is used by another program.",
};

export function camera(take) {
  const button = document.getElementById("camera");
  const dialog = document.getElementById("finder");
  const shutter = document.getElementById("shutter");
  const devices = navigator.mediaDevices; // none where the page did not come over loopback or HTTPS
  const handheld = matchMedia("(pointer: coarse)").matches;
  button.hidden = !devices && !handheld;
  button.addEventListener("click", () => (devices ? open(dialog) : shutter.click())); // the telephone's own camera
  dialog.querySelector("[data-do=take]").addEventListener("click", () => shot(dialog, take));
  dialog.querySelector("[data-do=close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => release(dialog.querySelector("video")));
}

async function open(dialog) {
  const video = dialog.querySelector("video");
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
    dialog.showModal();
  } catch (error) {
    say(REFUSALS[error.name] ?? `The camera cannot be used: ${error.message}.`, true);
  }
}

function release(video) {
  video.srcObject?.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
}

function shot(dialog, take) {
  const video = dialog.querySelector("video");
  const { videoWidth: width, videoHeight: height } = video;
  if (!width) return; // it has shown nothing yet
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(video, 0, 0);
  dialog.close();
  take([new File([still(canvas, "image/jpeg", 0.92)], "camera.jpg", { type: "image/jpeg" })]);
}
