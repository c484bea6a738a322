import { Attention } from "../lib/attention.js";
import { Leadership } from "../lib/leadership.js";
import { hidesContent, isAttended, sound, text, viewerId } from "../page.js";
import { live } from "../socket.js";
import { play } from "../sounds.js";
import { closeNotifications, registered, subscription } from "../worker.js";

const name = `lumina.${viewerId}`;
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(name) : null;
const attention = new Attention(channel);
const leadership = new Leadership(navigator.locks, `${name}.leader`);
const PAUSE = 1_000;
let played = -PAUSE;

/** Of all open tabs one tells the viewer, by one sound and one notification. */
export function watchNotifications() {
  for (const event of ["focus", "blur"]) addEventListener(event, look);
  addEventListener("pagehide", () => attention.look(false));
  document.addEventListener("visibilitychange", look);
  look();
  live.addEventListener("new_message_notification", ({ detail }) => {
    if (leadership.isLeader) tell(detail);
  });
  live.addEventListener("messages_read", ({ detail: { conversationId, userId } }) => {
    if (userId === viewerId) closeNotifications(tagOf(conversationId));
  });
}

function look() {
  attention.look(isAttended());
}

async function tell(message) {
  ring();
  if (attention.isAnywhere || globalThis.Notification?.permission !== "granted") return;
  // The push service tells this device already.
  if (await subscription()) return;
  const registration = await registered;
  await registration?.showNotification(titleOf(message), {
    tag: tagOf(message.conversationId),
    body: hidesContent ? text("new-message-hidden") : message.messagePreview,
    renotify: true,
    data: { url: `/conversations/${message.conversationId}` },
  });
}

/** Several at once are one. */
function ring() {
  const now = performance.now();
  if (now - played < PAUSE) return;
  played = now;
  play(sound);
}

function titleOf({ senderName, conversationName }) {
  if (hidesContent) return "Lumina";
  return senderName === conversationName ? senderName : text("in-group", { name: senderName, group: conversationName });
}

const tagOf = (conversationId) => `conversation-${conversationId}`;
