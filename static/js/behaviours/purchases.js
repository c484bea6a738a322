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

/** What is due an answer soonest comes before the purchase of the conversation itself. */
function showTimes({ id, escrow, owed, priorityExpiresAt }) {
  const ofMessage = owed?.kind === "message";
  const { state, createdAt, answerBy, answeredAt } = (ofMessage ? owed : escrow) ?? {};
  if (state) draw(id, { state, boughtAt: createdAt, answerBy, answeredAt, expiresAt: ofMessage ? "" : priorityExpiresAt });
}

function draw(id, times) {
  for (const shown of document.querySelectorAll(`[data-purchase-of="${CSS.escape(id)}"]`)) {
    setAttribute(shown, "data-state", times.state);
    setAttribute(shown, "data-bought-at", times.boughtAt);
    setAttribute(shown, "data-answer-by", times.answerBy);
    setAttribute(shown, "data-answered-at", times.answeredAt ?? "");
    setAttribute(shown, "data-expires-at", times.expiresAt ?? "");
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
  if (!fresh) return;
  // A message's purchase changes no conversation: what is shown of it comes with the composer.
  if (fresh.dataset.boughtAt) draw(conversationId, fresh.dataset);
  find()?.renew(fresh);
}
