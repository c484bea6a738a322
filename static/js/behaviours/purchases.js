import { fetchFragment } from "../http.js";
import { parse, setAttribute } from "../html.js";
import { refreshPurchases } from "../navigation.js";
import { live } from "../socket.js";
import { outbox } from "../state.js";

const PRICE_CHANGED = "price_changed";

/** Keeps an open paid conversation as its purchases are. Rows are fetched anew by their list, bubbles follow the lines. */
live.addEventListener("conversation_updated", ({ detail: { conversation } }) => {
  showTimes(conversation);
  if (conversation.escrow) refresh(conversation.id);
});

live.addEventListener("escrow_updated", ({ detail: { escrow } }) => refresh(escrow.conversationId));

// What is looked at comes with its purchase, also after a time without a connection.
live.addEventListener("watching", ({ detail }) => showTimes(detail));

outbox.addEventListener("changed", ({ detail: { entry } }) => {
  if (entry.code === PRICE_CHANGED) renewComposer(entry.conversationId);
});

function showTimes({ id, escrow, priorityExpiresAt }) {
  if (!escrow) return;
  for (const shown of document.querySelectorAll(`[data-purchase-of="${CSS.escape(id)}"]`)) {
    setAttribute(shown, "data-state", escrow.state);
    setAttribute(shown, "data-bought-at", escrow.createdAt);
    setAttribute(shown, "data-answer-by", escrow.answerBy);
    setAttribute(shown, "data-answered-at", escrow.answeredAt ?? "");
    setAttribute(shown, "data-expires-at", priorityExpiresAt ?? "");
  }
}

const due = new Map();

/** One step sends several events: what they change is asked for once. */
function refresh(conversationId) {
  clearTimeout(due.get(conversationId));
  due.set(conversationId, setTimeout(() => {
    due.delete(conversationId);
    renewComposer(conversationId);
    refreshPurchases(conversationId);
  }, 100));
}

async function renewComposer(conversationId) {
  const find = () => document.querySelector(`message-composer[data-purchase-composer][data-conversation-id="${CSS.escape(conversationId)}"]`);
  if (!find()) return;
  const html = await fetchFragment(`/conversations/${conversationId}/composer`);
  const fresh = html && parse(html).querySelector("message-composer");
  if (fresh) find()?.renew(fresh);
}
