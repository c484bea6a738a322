/** What the page says about itself in its head. */
const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

export const viewerId = meta("viewer-id");
export const isSignedIn = viewerId !== "";

export const csrfToken = () => meta("csrf-token");

/** A text from the page's catalogue (`<app-texts data-typing="{name} is typing…">`), its blanks filled in. */
export function text(key, values = {}) {
  const template = document.querySelector("app-texts")?.getAttribute(`data-${key}`) ?? "";
  return template.replace(/\{(\w+)\}/g, (blank, name) => values[name] ?? blank);
}

/** The conversation that is open on this page, or null. */
export const openConversationId = () => document.querySelector("message-list")?.dataset.conversationId ?? null;

/** Whether the viewer is looking at this page now. */
export const isAttended = () => document.visibilityState === "visible" && document.hasFocus();

/** Leads to the sign-in page and, after it, back here. */
export function signIn() {
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}
