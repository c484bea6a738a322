/** What the page says about itself in its head. */
const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

export const viewerId = meta("viewer-id");
export const isSignedIn = viewerId !== "";

const lag = lagOfClock();

/** How the viewer wants to be notified. */
export const sound = meta("sound");
export const hidesContent = meta("hide-content") === "true";
export const pushKey = meta("push-key");

export const csrfToken = () => meta("csrf-token");

/** A text from the page's catalogue (`<app-texts data-typing="{name} is typing…">`), its blanks filled in. */
export function text(key, values = {}) {
  const template = document.querySelector("app-texts")?.getAttribute(`data-${key}`) ?? "";
  return template.replace(/\{(\w+)\}/g, (blank, name) => values[name] ?? blank);
}

/** The conversation that is open on this page, or null. */
export const openConversationId = () => document.querySelector("message-list")?.dataset.conversationId ?? null;

/** The server's time: a device's own clock may be wrong. */
export const serverNow = () => Date.now() + lag;

/** Whether the viewer is looking at this page now. */
export const isAttended = () => document.visibilityState === "visible" && document.hasFocus();

/** Leads to the sign-in page and, after it, back here. */
export function signIn() {
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

/** How far the device's clock is behind the server's, by what the page says of its making. */
function lagOfClock() {
  const [page] = performance.getEntriesByType("navigation");
  const answered = Date.now() - performance.now() + (page?.responseStart ?? 0);
  return Date.parse(meta("server-time")) - answered || 0;
}
