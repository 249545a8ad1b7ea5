// Why there is no answer, in words. What the server knows beyond its reason is said after it.

const WORDS = {
  not_image: "This is no picture",
  unsupported: "Pictures of this kind are not read",
  broken: "The picture is broken",
  truncated: "The end of the picture is missing",
  decoder_crash: "The picture cannot be read",
  too_large: "That is too large",
  too_many_pixels: "The picture has too many pixels",
  too_many_frames: "The picture has too many frames",
  decode_bomb: "Unpacked, the picture is too large",
  bad_url: "This is no address of a picture",
  blocked_address: "That address is not fetched",
  blocked_port: "That address is not fetched",
  dns: "There is no such site",
  network: "The site does not answer",
  timeout: "It took too long",
  stalled: "It took too long",
  gone: "There is nothing at that address",
  http_4xx: "The site refuses",
  http_5xx: "The site is broken",
  robots: "The site wants no programs there",
  opt_out: "The site wants no learning from it",
};

// Of what the server sent as an error: a text, or a reason, a message and a hint. A message that is no sentence is a detail.
export function worded({ error, hint }, status) {
  const { reason, message = "", hint: way = hint } = typeof error === "object" ? error : { message: error };
  const sentence = message.endsWith(".") ? message : detailed(reason, message);
  return [sentence || `That did not work (${status}).`, way].filter(Boolean).join(" ");
}

function detailed(reason, detail) {
  const known = WORDS[reason];
  if (!known) return detail && `${detail}.`;
  return detail && detail !== reason.replaceAll("_", " ") ? `${known}: ${detail}.` : `${known}.`;
}
