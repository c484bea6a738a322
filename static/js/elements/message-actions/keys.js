import { focusOn } from "../message-list/bubbles.js";

const STEPS = { ArrowUp: -1, ArrowDown: 1 };
const SHORTCUTS = { Enter: "more", ContextMenu: "more", r: "reply", e: "edit", c: "copy-text" };

/** Goes from bubble to bubble and calls `onAction` (name, bubble) for the keys that stand for one. */
export function watchKeys(list, { onAction, signal }) {
  list.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const bubble = event.target.closest(".message");
    const isHandled = event.key in STEPS ? step(list, bubble, STEPS[event.key]) : act(event, bubble, onAction);
    if (isHandled) event.preventDefault();
  }, { signal });
}

function step(list, from, by) {
  const bubbles = [...list.querySelectorAll(".message")];
  const next = from ? bubbles[bubbles.indexOf(from) + by] : lastInView(list, bubbles);
  if (!next) return false;
  focusOn(next);
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function lastInView(list, bubbles) {
  const { bottom } = list.getBoundingClientRect();
  return bubbles.findLast((bubble) => bubble.getBoundingClientRect().top < bottom);
}

/** What is meant for the bubble as a whole, and not for a link or a button in it. */
function act({ key, shiftKey, target }, bubble, onAction) {
  if (!bubble || target !== bubble) return false;
  if (key === "Escape") return leave();
  const action = shiftKey && key === "F10" ? "more" : SHORTCUTS[key];
  if (action) onAction(action, bubble);
  return action !== undefined;
}

function leave() {
  const field = document.querySelector("message-composer textarea");
  field?.focus();
  return Boolean(field);
}
