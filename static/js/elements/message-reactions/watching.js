import { ReactedBy } from "./reacted-by.js";

const HOLD = 450;

/** Tells who reacted where a pointer rests on a pill, the keyboard reaches it, or a finger holds it. */
export function watchPills(url) {
  const reactedBy = new ReactedBy(url);
  watchMouse(reactedBy);
  watchKeyboard(reactedBy);
  watchFingers(reactedBy);
}

const pillAt = (target) => target.closest?.(".messages .reaction[data-reaction]") ?? null;
const isTouch = ({ pointerType }) => pointerType === "touch" || pointerType === "pen";

function watchMouse(reactedBy) {
  document.addEventListener("pointerover", (event) => {
    if (isTouch(event)) return;
    const pill = pillAt(event.target);
    if (pill) reactedBy.openSoon(pill);
    else if (reactedBy.contains(event.target)) reactedBy.stay();
    else reactedBy.closeSoon();
  });
}

function watchKeyboard(reactedBy) {
  document.addEventListener("focusin", ({ target }) => {
    const pill = pillAt(target);
    if (pill?.matches(":focus-visible")) reactedBy.openSoon(pill);
  });
  document.addEventListener("focusout", ({ target }) => {
    if (pillAt(target)) reactedBy.closeSoon();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !reactedBy.isOpen) return;
    event.preventDefault();
    reactedBy.close();
  }, { capture: true });
}

function watchFingers(reactedBy) {
  let timer = null;
  let isHeld = false;

  document.addEventListener("pointerdown", (event) => {
    isHeld = false;
    if (!isTouch(event)) return;
    if (!reactedBy.contains(event.target)) reactedBy.close();
    const pill = pillAt(event.target);
    if (pill) timer = setTimeout(() => {
      isHeld = true;
      reactedBy.open(pill);
    }, HOLD);
  });
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => clearTimeout(timer));
  // Holding a pill is neither a click on it nor the wish for the browser's own menu.
  document.addEventListener("click", (event) => {
    if (isHeld) event.stopPropagation();
    isHeld = false;
  }, { capture: true });
  document.addEventListener("contextmenu", (event) => {
    if (isTouch(event) && pillAt(event.target)) event.preventDefault();
  });
}
