const GAP = 6;
const EDGE = 8;

/**
 * Places what floats below an element or above it, at its left edge or its right one, whichever has room, and in any case
 * within the view. Its CSS does the rest by `--top` and `--left`.
 */
export function placeBeside(floating, anchor) {
  const { left, right, top, bottom } = anchor.getBoundingClientRect();
  const { width, height } = floating.getBoundingClientRect();
  const y = fitting([bottom + GAP, top - GAP - height], innerHeight - height - EDGE);
  const x = fitting([left, right - width], innerWidth - width - EDGE);
  floating.style.setProperty("--top", `${y}px`);
  floating.style.setProperty("--left", `${x}px`);
}

/** The first of the places that fits, or what comes nearest to it. */
function fitting(places, most) {
  return places.find((place) => place >= EDGE && place <= most) ?? Math.max(EDGE, Math.min(places[0], most));
}
