import { element, icon, parse, setAttribute } from "../../html.js";
import { amount } from "../../lib/amount.js";
import { fileSize, soundLength } from "../../lib/file-size.js";
import { text, viewerId } from "../../page.js";
import { nameOwnReceipt, paidHead } from "./paid.js";
import { nameOwnQuote, quoteElement } from "./quotes.js";

// As the server measures them, see presenters/attachments.py.
const BOX = 320;
const LEAST = 48;

/** What a bubble says about itself. */
export function factsOf(bubble) {
  const { messageId, senderId, position, version, clientMessageId, type } = bubble.dataset;
  return {
    id: messageId,
    senderId,
    position: Number(position),
    version: Number(version),
    clientMessageId: senderId === viewerId ? clientMessageId : undefined,
    isNews: senderId !== viewerId && type !== "system",
  };
}

/** What decides about the actions that a message offers. */
export function standingOf(bubble) {
  const { senderId, type, state, canEditUntil, deletedBy, restorableUntil } = bubble.dataset;
  return {
    senderId, type, state, canEditUntil, deletedBy, restorableUntil,
    isDeleted: "deleted" in bubble.dataset,
    isPinned: "pinned" in bubble.dataset,
    isEdited: "edited" in bubble.dataset,
    hasPreview: bubble.querySelector(".link-card") !== null,
  };
}

/** The bubbles in a piece of the server's markup. */
export function bubblesIn(html) {
  return [...parse(html).querySelectorAll(".message")].map(markOwn);
}

/** A page of the history, or of changes: {bubbles, hasMore, version, hidden}, `hidden` being ids. */
export function pageIn(html) {
  const list = parse(html).querySelector("[data-has-more]");
  return {
    bubbles: [...list.querySelectorAll(".message")].map(markOwn),
    hasMore: list.dataset.hasMore === "true",
    version: Number(list.dataset.version),
    hidden: list.dataset.hidden?.split(" ") ?? [],
  };
}

/** Puts on what is the viewer's own: the sign of having been sent, a way back from deletion, their name in quotes. */
export function markOwn(bubble) {
  const { senderId, state, deletedBy, restorableUntil } = bubble.dataset;
  if (senderId === viewerId && !state) bubble.dataset.state = "sent";
  if (deletedBy === viewerId && new Date(restorableUntil) > Date.now()) offerRestore(bubble);
  nameOwnQuote(bubble);
  nameOwnReceipt(bubble);
  return bubble;
}

function offerRestore(bubble) {
  const button = element("button", { type: "button", class: "restore", "data-restore": "" }, text("restore"));
  bubble.querySelector("[data-content]").after(" ", button);
}

/** Puts the keyboard's focus on a bubble, which by itself is no stop of the Tab key. */
export function focusOn(bubble) {
  bubble.tabIndex = -1;
  bubble.focus({ preventScroll: true });
}

/** Points a bubble out to the reader. */
export function point(bubble) {
  bubble.classList.remove("focused");
  // Read, so that the animation begins anew.
  void bubble.offsetWidth;
  bubble.classList.add("focused");
  focusOn(bubble);
}

/** Puts on the viewer's own what became of them. */
export function markStatuses(list, receipts) {
  for (const bubble of list.querySelectorAll(`:scope > [data-state="sent"]`)) {
    const { position, createdAt } = bubble.dataset;
    setAttribute(bubble, "data-status", receipts.statusOf({ position: Number(position), createdAt }));
  }
}

/** A bubble for an entry of the outbox, from the page's template. */
export function pendingBubble(entry) {
  const bubble = document.getElementById("pending-message").content.querySelector(".message").cloneNode(true);
  bubble.id = `pending-${entry.id}`;
  bubble.dataset.clientMessageId = entry.id;
  bubble.dataset.createdAt = entry.createdAt;
  for (const name of ["messageId", "position", "version"]) delete bubble.dataset[name];
  bubble.querySelector("[data-content]").textContent = entry.content;
  const attachments = entry.fields?.attachments ?? [];
  const seen = attachments.filter(({ thumbnailUrl }) => thumbnailUrl);
  if (seen.length > 0) {
    bubble.querySelector(".bubble").classList.add("bubble-media");
    bubble.querySelector("[data-content]").before(pendingMedia(seen));
  }
  for (const attachment of attachments.filter((one) => !seen.includes(one))) {
    bubble.querySelector("[data-content]").before(pendingFile(attachment, entry.fields));
  }
  const quote = entry.fields?.quote;
  if (quote) bubble.querySelector("[data-content]").before(quoteElement(quote, entry.conversationId));
  nameOwnQuote(bubble);
  if (entry.fields?.paid) {
    bubble.dataset.paid = "held";
    bubble.querySelector(".sender").after(paidHead(entry.fields.paid));
  }
  bubble.querySelector(".meta")?.removeAttribute("href");
  bubble.querySelector("local-time")?.setAttribute("datetime", entry.createdAt);
  return showOutboxState(bubble, entry);
}

/** What is on the server already, until the message is: pictures, and of films their first ones. */
function pendingMedia(attachments) {
  const last = attachments.at(-1).mimeType.split("/")[0];
  return element("div", { class: "media", "data-count": String(attachments.length), "data-last": last }, ...attachments.map(pendingPicture));
}

function pendingPicture({ fileName, thumbnailUrl, width, height }) {
  const scale = Math.min(1, BOX / width, BOX / height);
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)].map((side) => String(Math.max(side, LEAST)));
  return element("span", { class: "media-item" }, element("img", { src: thumbnailUrl, width: w, height: h, alt: fileName }));
}

/** Likewise: a file's name and size. */
function pendingFile({ fileName, fileSize: bytes, durationMs }, { isVoice }) {
  return element("span", { class: "file" },
    element("span", { class: "file-tile" }, icon(isVoice ? "mic" : "file-text")),
    element("span", { class: "file-words" },
      element("span", { class: "file-name" }, isVoice ? text("voice") : fileName),
      element("span", { class: "file-size" }, isVoice ? soundLength(durationMs) : fileSize(bytes))));
}

/** Shows whether an entry still waits or has failed, and why. */
export function showOutboxState(bubble, entry) {
  setAttribute(bubble, "data-state", entry.state);
  setAttribute(bubble, "data-order", String(entry.order));
  if (entry.fields?.paid) bubble.querySelector(".paid-head").replaceWith(paidHead(entry.fields.paid));
  bubble.querySelector(".failed-actions")?.remove();
  if (entry.state === "failed") bubble.append(failedActions(entry));
  return bubble;
}

/** Trying it again agrees to whatever the button says. */
function failedActions({ error, code, offeredMinor, fields }) {
  const offered = offeredMinor ? amount(offeredMinor, fields.paid.currency) : null;
  const reason = offered ? text("price-changed", { amount: offered }) : error;
  return element("div", { class: "failed-actions" },
    element("span", { class: "failed-reason" }, [text("not-sent"), reason].filter(Boolean).join(" ")),
    ...(code === "insufficient_balance" ? [element("a", { href: "/wallet" }, text("add-money"))] : []),
    element("button", { type: "button", "data-retry": "" }, offered ? text("paid-send", { amount: offered }) : text("retry")),
    element("button", { type: "button", "data-discard": "" }, text("discard")));
}
