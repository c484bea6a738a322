import { placeBeside } from "../anchoring.js";
import { toast } from "../behaviours/toasts.js";
import { EMOJI_SOURCE } from "../emoji.js";
import { element } from "../html.js";
import { text } from "../page.js";

const hasKeyboard = matchMedia("(hover: hover) and (pointer: fine)");

let popover = null;
let opener = null;
let choose = () => {};

/** Lets the viewer choose an emoji beside a button; null where they choose none. The library comes with the first use. */
export async function pickEmoji(anchor) {
  // The browser closes it then.
  if (popover && anchor.popoverTargetElement === popover) return null;
  choose(null);
  opener = anchor;
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
    if (newState === "closed") choose(null);
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
