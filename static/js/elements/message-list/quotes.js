import { element, setAttribute } from "../../html.js";
import { text, viewerId } from "../../page.js";

const LONGEST = 200;

/** What a message says; where it has no text, what it is. */
export const wordsOf = (bubble) => bubble.dataset.words ?? bubble.querySelector("[data-content]").textContent;

/** What a reply says of its original: {id, senderId, name, thumb, text}. */
export function excerptOf(bubble) {
  return {
    id: bubble.dataset.messageId,
    senderId: bubble.dataset.senderId,
    name: bubble.querySelector(".sender").textContent,
    thumb: bubble.querySelector(".media img")?.getAttribute("src"),
    text: wordsOf(bubble).replace(/\s+/g, " ").trim().slice(0, LONGEST),
  };
}

/** A quote for a bubble that the server has not rendered yet. */
export function quoteElement({ id, senderId, name, thumb, text: words }, conversationId) {
  const href = `/conversations/${conversationId}/messages/${id}`;
  return element("a", { class: "quote", href, "data-quote": id, "data-quote-sender": senderId },
    ...(thumb ? [element("img", { src: thumb, width: "34", height: "34", alt: "" })] : []),
    element("span", { class: "quote-name" }, name),
    element("span", { class: "quote-text" }, words));
}

/** Whom everybody else knows by name is "You" to oneself. */
export function nameOwnQuote(bubble) {
  const name = bubble.querySelector(`.quote[data-quote-sender="${viewerId}"] > .quote-name`);
  if (name) name.textContent = text("you");
}

/** The quotes of a message say what it says now. */
export function followQuotes(list, bubble) {
  const { id, text: words } = excerptOf(bubble);
  requote(list, id, words, "deleted" in bubble.dataset);
}

/** The quotes of a message that is no more outlive it. */
export function bereaveQuotes(list, id) {
  requote(list, id, text("deleted"), true);
}

function requote(list, id, words, isDeleted) {
  for (const quote of list.querySelectorAll(`[data-quote="${CSS.escape(id)}"]`)) {
    const line = quote.querySelector(".quote-text");
    if (line.textContent !== words) line.textContent = words;
    if (isDeleted) quote.querySelector("img")?.remove();
    setAttribute(quote, "data-quote-deleted", isDeleted ? "" : null);
  }
}
