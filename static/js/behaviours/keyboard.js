import { unreadOf } from "../elements/conversation-list/row.js";
import { postForm } from "../http.js";
import { visitList } from "../navigation.js";
import { openConversationId } from "../page.js";

/** Whether a key goes into a text; the emoji picker's search hides in its own tree. */
const isTyping = (event) => event.composedPath()[0].closest("input, textarea, select, [contenteditable]") !== null;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const handle = shortcutFor(event);
  if (handle?.(event)) event.preventDefault();
});

// Who goes through people by the keyboard asks for more of them: else what stands behind the list is never reached.
document.addEventListener("htmx:before:request", (event) => {
  const { sourceElement, sourceEvent } = event.detail.ctx;
  const comesBySight = sourceEvent?.type === "intersect";
  if (comesBySight && sourceElement.closest(".people")?.querySelector(":focus-visible")) event.preventDefault();
});

function shortcutFor(event) {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === "k") return search;
  if (altKey && !ctrlKey && !metaKey && (key === "ArrowUp" || key === "ArrowDown")) {
    return () => openNeighbour(key === "ArrowDown" ? 1 : -1, { unreadOnly: shiftKey });
  }
  if (ctrlKey || metaKey || altKey) return null;
  if (key === "u" && !shiftKey && !isTyping(event)) return markUnread;
  if (key === "?" && !isTyping(event)) return showHelp;
  if (key === "Escape") return leave;
  if (key === "ArrowUp" || key === "ArrowDown") return moveThroughList;
  return null;
}

function search() {
  const field = document.querySelector("[data-search]");
  field?.focus();
  field?.select();
  return field !== null;
}

/** The open conversation, which one leaves: it would be read again at once. */
function markUnread() {
  const conversationId = openConversationId();
  if (!conversationId || document.querySelector("dialog[open]")) return false;
  postForm(`/conversations/${conversationId}/unread`, {}).then((isDone) => isDone && visitList());
  return true;
}

function showHelp() {
  document.getElementById("keyboard-help")?.showModal();
  return true;
}

/** Escape closes the nearest open thing: the details, on a phone the conversation. Dialogs close themselves. */
function leave(event) {
  const shell = document.querySelector("app-shell");
  if (!shell || isTyping(event) || document.querySelector("dialog[open]")) return false;
  return shell.closeDetails() || shell.back();
}

function openNeighbour(step, { unreadOnly }) {
  const rows = [...document.querySelectorAll("conversation-list .row")];
  const open = openConversationId();
  const current = rows.findIndex((row) => row.dataset.conversationId === open);
  const ahead = step > 0 ? rows.slice(current + 1) : rows.slice(0, Math.max(current, 0)).reverse();
  const next = unreadOnly ? ahead.find((row) => unreadOf(row) > 0) : ahead[0];
  next?.scrollIntoView({ block: "nearest" });
  next?.querySelector("a").click();
  return rows.length > 0;
}

/** Arrows go up and down the list once one is in it, from the search field too. */
function moveThroughList({ target, key }) {
  const list = target.closest("conversation-list");
  if (!list || !target.matches("[data-search], .row > a")) return false;
  const stops = [list.querySelector("[data-search]"), ...list.querySelectorAll(".row > a")];
  const next = stops[stops.indexOf(target) + (key === "ArrowDown" ? 1 : -1)];
  next?.focus();
  return next !== undefined;
}
