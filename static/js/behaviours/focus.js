/**
 * The keyboard keeps its place in the details: when a swap takes away or folds in what had the focus, it goes to what has
 * its id now, else to the line that it was folded into, else to the pane.
 */
let last = null;
let heirs = [];

document.addEventListener("focusin", ({ target }) => (last = target));

document.addEventListener("htmx:before:swap", () => {
  // A button that waits for its answer is disabled, and has lost the focus by that.
  const former = last?.matches(":disabled") && isNowhere() ? last : document.activeElement;
  const pane = former?.closest("#details");
  const line = former?.closest("details")?.querySelector("summary");
  heirs = pane ? [former, line, pane].map((one) => one?.id).filter(Boolean) : [];
});

document.addEventListener("htmx:finally:swap", () => {
  const heir = heirs.map((id) => document.getElementById(id)).find((one) => one?.checkVisibility());
  heirs = [];
  if (isNowhere()) heir?.focus({ preventScroll: true });
});

function isNowhere() {
  const { activeElement, body } = document;
  return !activeElement || activeElement === body || !activeElement.checkVisibility();
}
