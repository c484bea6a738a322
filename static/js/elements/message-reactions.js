import { toast } from "../behaviours/toasts.js";
import { submitForm } from "../http.js";
import { ReactionWishes } from "../lib/reaction-wishes.js";
import { openConversationId } from "../page.js";
import { emojiHabits } from "../state.js";
import { pickEmoji } from "./emoji-popover.js";
import { isOwn, markOwnReactions, pillOf, showReaction } from "./message-reactions/pills.js";
import { watchPills } from "./message-reactions/watching.js";

const wishes = new ReactionWishes((messageId, emoji, active) =>
  submitForm(reactionsUrl(messageId), { reaction: emoji, active: active ? "1" : "0" }));

wishes.addEventListener("accepted", ({ detail: { messageId, html } }) => {
  if (messageList()?.bubble(messageId)) messageList().receive(html);
});
wishes.addEventListener("refused", ({ detail: { messageId, emoji, active, message } }) => {
  const bubble = messageList()?.bubble(messageId);
  if (bubble) showReaction(bubble, emoji, active);
  toast(message, { isError: true });
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest(".reaction");
  const bubble = button?.closest("message-list .message");
  if (!bubble) return;
  if ("addReaction" in button.dataset) chooseReaction(bubble, button);
  else toggleReaction(bubble, button.dataset.reaction);
});

document.addEventListener("react", ({ target, detail }) => {
  const bubble = target.closest("message-list .message");
  if (bubble) toggleReaction(bubble, detail.emoji);
});

watchPills(reactionsUrl);

/** Leaves the viewer's reaction or takes it back: seen at once, and undone where the server refuses. */
export function toggleReaction(bubble, emoji) {
  const pill = pillOf(bubble, emoji);
  const active = !(pill && isOwn(pill));
  if (active) emojiHabits.used(emoji);
  showReaction(bubble, emoji, active);
  wishes.want(bubble.dataset.messageId, emoji, active);
}

/** Lets the viewer choose the emoji to react with, beside `anchor`. */
export async function chooseReaction(bubble, anchor) {
  const { messageId } = bubble.dataset;
  // It may be replaced meanwhile.
  const current = () => messageList()?.bubble(messageId);
  const emoji = await pickEmoji(anchor, () => current()?.querySelector("[data-add-reaction]"));
  if (emoji && current()) toggleReaction(current(), emoji);
}

/** Puts on a bubble from the server what is the viewer's own: what stands, and what is still on its way there. */
export function dressReactions(bubble) {
  markOwnReactions(bubble);
  for (const { emoji, active } of wishes.of(bubble.dataset.messageId)) showReaction(bubble, emoji, active);
}

const messageList = () => document.querySelector("message-list");

function reactionsUrl(messageId) {
  return `/conversations/${openConversationId()}/messages/${messageId}/reactions`;
}
