import { element, parse, setAttribute } from "../../html.js";
import { previewText } from "../../lib/preview.js";
import { openConversationId, serverNow, text, viewerId } from "../../page.js";
import { wordsOf as wordsOfBubble } from "../message-list/quotes.js";
import { drafts, outbox, typists } from "../../state.js";

const previews = new WeakMap();
const SIGNS = { image: "image", video: "image", voice: "mic" };

/** What a filter tab asks of a row. */
export function factsOf(row) {
  return { type: row.dataset.type, unread: unreadOf(row), archived: row.dataset.archived === "true" };
}

/** How many messages wait to be read; a mark counts as one. */
export function unreadOf({ dataset }) {
  return Math.max(Number(dataset.unread), "markedUnread" in dataset ? 1 : 0);
}

/** What a message's bubble says, without its markup. */
export function wordsOf(html) {
  const bubble = parse(html).querySelector(".message");
  return bubble ? wordsOfBubble(bubble) : "";
}

/** Shows a message as the row's latest; `words` is what it says. */
export function showLatest(row, message, words) {
  row.dataset.lastMessageAt = message.createdAt;
  row.dataset.lastMessageId = message.id;
  const isOwn = message.senderId === viewerId && message.messageType !== "system";
  setAttribute(row, "data-status", isOwn ? "sent" : null);
  setAttribute(row, "data-attached", message.attachments.length > 0 ? SIGNS[message.messageType] ?? "paperclip" : null);
  row.querySelector("local-time")?.setAttribute("datetime", message.createdAt);
  previews.set(row, previewText(message, words, { viewerId, type: row.dataset.type, you: text("you") }));
  showPreview(row);
}

/** The other one of two has received or read up to a message. */
export function showStatus(row, messageId, status) {
  const isLast = row.dataset.lastMessageId === messageId && row.dataset.status;
  if (isLast && row.dataset.status !== "read") row.dataset.status = status;
}

export function showUnreadCount(row, count) {
  row.dataset.unread = String(count);
  if (count === 0) delete row.dataset.markedUnread;
  const badge = row.querySelector("[data-unread-badge]");
  if (!badge) return;
  badge.textContent = count > 99 ? "99+" : count;
  badge.hidden = count === 0;
}

/** Takes the mark off what is muted no longer. */
export function endMutes(rows) {
  for (const row of rows.querySelectorAll(":scope > [data-muted]:not([data-muted=''])")) {
    if (Date.parse(row.dataset.muted) <= serverNow()) delete row.dataset.muted;
  }
}

/** The most telling of: somebody types, something was not sent, a draft waits, the latest message. */
export function showPreview(row) {
  const preview = row.querySelector("[data-preview]");
  if (!preview) return;
  if (!previews.has(row)) previews.set(row, preview.textContent.trim());
  preview.replaceChildren(...overlay(row.dataset.conversationId) ?? [previews.get(row)]);
}

function overlay(conversationId) {
  if (typists.names(conversationId).length > 0) return [mark("typing", text("typing-row"))];
  const failed = outbox.entries(conversationId).find((entry) => entry.state === "failed");
  if (failed) return [mark("not-sent", text("not-sent-preview")), ` ${oneLine(failed.content)}`];
  const draft = conversationId === openConversationId() ? "" : drafts.get(conversationId);
  return draft ? [mark("draft", text("draft")), ` ${oneLine(draft)}`] : null;
}

const mark = (name, words) => element("span", { class: name }, words);

const oneLine = (words) => words.replace(/\s+/g, " ").trim();
