import { placeBeside } from "../anchoring.js";
import { toast } from "../behaviours/toasts.js";
import { EMOJI_SOURCE } from "../emoji.js";
import { element } from "../html.js";
import { text } from "../page.js";

const hasKeyboard = matchMedia("(hover: hover) and (pointer: fine)");

let popover = null;
let opener = null;
let findSuccessor = () => null;
let choose = () => {};

/**
 * Lets the viewer choose an emoji beside a button; null where they choose none. The library comes with the first use.
 * `successor` finds what stands for the button when it has left the page meanwhile: the focus returns there.
 */
export async function pickEmoji(anchor, successor = () => null) {
  // The browser closes it then.
  if (popover && anchor.popoverTargetElement === popover) return null;
  choose(null);
  opener = anchor;
  findSuccessor = successor;
  popover ??= makePopover();
  // A modal dialog makes everything outside itself inert.
  (anchor.closest("dialog[open]") ?? document.body).append(popover);
  popover.showPopover();
  placeBeside(popover, anchor);
  focusSearch();
  return new Promise((resolve) => {
    choose = resolve;
  });
}

function makePopover() {
  const made = element("div", {
    class: "emoji-popover", popover: "auto", role: "dialog", tabindex: "-1", "aria-label": text("choose-emoji"),
  });
  made.addEventListener("toggle", ({ newState }) => {
    opener.popoverTargetElement = newState === "open" ? made : null;
    opener.popoverTargetAction = "hide";
    if (newState === "closed") closed();
  });
  made.addEventListener("keydown", (event) => {
    // Escape closes this, and nothing behind it.
    if (event.key === "Escape") event.stopPropagation();
  });
  made.addEventListener("emoji-click", ({ detail }) => {
    choose(detail.unicode);
    made.hidePopover();
  });
  addPicker(made);
  return made;
}

/** The browser itself returns the focus, to a button that still stands. */
function closed() {
  const { activeElement, body } = document;
  const isLost = !opener.isConnected && (activeElement === body || popover?.contains(activeElement));
  if (isLost) findSuccessor()?.focus();
  choose(null);
}

async function addPicker(made) {
  try {
    const { default: Picker } = await import("../../vendor/emoji-picker-element/picker.js");
    made.append(new Picker(EMOJI_SOURCE));
    focusSearch();
  } catch {
    popover = null;
    made.remove();
    choose(null);
    toast(text(navigator.onLine ? "error" : "offline"), { isError: true });
  }
}

/** A phone's keyboard would cover half of the emoji before one has looked at them. */
function focusSearch() {
  const search = popover?.querySelector("emoji-picker")?.shadowRoot.getElementById("search");
  if (search && hasKeyboard.matches) search.focus();
  else popover?.focus();
}
