import { askToSignIn } from "./behaviours/signed-out.js";
import { viewerId } from "./page.js";
import { live } from "./socket.js";
import { outbox, typists } from "./state.js";

/** What the socket tells the page's own state, whichever conversation is open. */
live.addEventListener("message_received", ({ detail: { conversationId, message } }) => {
  typists.stop(conversationId, message.senderId);
  if (message.senderId === viewerId && message.clientMessageId) outbox.acknowledge(message.clientMessageId);
});

live.addEventListener("user_typing", ({ detail: { conversationId, userId, userName } }) => {
  if (userId !== viewerId) typists.start(conversationId, userId, userName);
});

live.addEventListener("user_stopped_typing", ({ detail: { conversationId, userId } }) => {
  typists.stop(conversationId, userId);
});

live.addEventListener("connected", () => outbox.flush());
addEventListener("online", () => outbox.flush());
outbox.addEventListener("signed-out", askToSignIn);
