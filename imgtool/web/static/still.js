// What a canvas shows, as a file. At once: toBlob waits until the browser is idle, half a second while a hand moves.

export function still(canvas, type, quality) {
  const [, body] = canvas.toDataURL(type, quality).split(",");
  return new Blob([Uint8Array.from(atob(body), (sign) => sign.charCodeAt(0))], { type });
}
