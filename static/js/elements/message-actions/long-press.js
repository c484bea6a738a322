const HOLD = 500;
const SLIP = 10;

/** Calls `onHold` with the bubble on which a finger rests. */
export function watchLongPress(list, { onHold, signal }) {
  let timer = null;
  let start = null;

  const cancel = () => {
    clearTimeout(timer);
    timer = null;
  };
  const begin = (event) => {
    cancel();
    const bubble = event.target.closest(".bubble")?.parentElement;
    if (event.pointerType === "mouse" || !event.isPrimary || !bubble) return;
    start = event;
    timer = setTimeout(() => {
      timer = null;
      navigator.vibrate?.(10);
      swallowTap();
      onHold(bubble);
    }, HOLD);
  };
  const move = ({ clientX, clientY }) => {
    if (timer && Math.hypot(clientX - start.clientX, clientY - start.clientY) > SLIP) cancel();
  };

  list.addEventListener("pointerdown", begin, { signal });
  list.addEventListener("pointermove", move, { passive: true, signal });
  for (const name of ["pointerup", "pointercancel", "scroll"]) list.addEventListener(name, cancel, { passive: true, signal });
  // Our sheet takes the place of the browser's own.
  list.addEventListener("contextmenu", (event) => {
    if (start && event.pointerType !== "mouse" && event.target.closest(".bubble")) event.preventDefault();
  }, { signal });
  signal.addEventListener("abort", cancel);
}

/** The finger's lifting is no tap on what has meanwhile appeared below it. */
function swallowTap() {
  const lifted = new AbortController();
  const options = { capture: true, passive: false, signal: lifted.signal };
  addEventListener("touchend", (event) => {
    event.preventDefault();
    lifted.abort();
  }, options);
  addEventListener("touchcancel", () => lifted.abort(), options);
}
