import { visit } from "./navigation.js";
import { pushKey } from "./page.js";
import { postForm } from "./http.js";
import { base64url } from "./lib/push-state.js";

/** The service worker's registration; null where there can be none. */
export const registered = navigator.serviceWorker?.register("/service-worker.js").catch(() => null) ?? Promise.resolve(null);

// A notification was clicked, and this is the tab that is there.
navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data?.type === "open") visit(data.url);
});

/** This browser's push subscription, if it has one. */
export async function subscription() {
  const registration = await registered;
  return (await registration?.pushManager?.getSubscription()) ?? null;
}

/** Has this browser take notifications; whether the server knows. Asks for permission where that has not been given. */
export async function subscribe() {
  const registration = await registered;
  const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: pushKey });
  const { endpoint, keys } = made.toJSON();
  return postForm("/push/subscriptions", { endpoint, ...keys });
}

/** Has it take none any more. */
export async function unsubscribe() {
  const made = await subscription();
  if (!made) return;
  await postForm("/push/subscriptions/remove", { endpoint: made.endpoint });
  await made.unsubscribe();
}

/** A subscription made with another key is worth nothing. */
export async function renewSubscription() {
  const made = await subscription();
  const key = made?.options.applicationServerKey;
  if (!key || base64url(key) === pushKey) return;
  await made.unsubscribe();
  await subscribe();
}

/** Takes away what is shown of a conversation, or of all. */
export async function closeNotifications(tag) {
  const registration = await registered;
  for (const shown of (await registration?.getNotifications(tag && { tag })) ?? []) shown.close();
}
