import { parseRetryAfter } from "./backoff.js";

const TIMEOUT = 20_000;
// The cookie with the form's token is gone or another's: the sign-in leads back here with a fresh one.
const FORM_EXPIRED = "form_expired";
const WORTH_REPEATING = new Set([408, 425, 429]);

/**
 * Makes the outbox's `post`: sends one entry and says what became of it, as
 * {outcome: "sent", html} | {outcome: "rejected", message, code?, offeredMinor?} | {outcome: "later", retryAfter} | {outcome: "signed-out"}.
 */
export function messagePoster({ csrfToken, fetch = (...args) => globalThis.fetch(...args) }) {
  return async function post(entry) {
    try {
      const response = await fetch(`/conversations/${entry.conversationId}/messages`, {
        method: "POST",
        body: formOf(entry),
        headers: {
          Accept: "text/html",
          "HX-Request": "true",
          "X-CSRFToken": csrfToken(),
          "X-Requested-With": "fetch",
        },
        credentials: "same-origin",
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT),
      });
      return await interpret(response, entry);
    } catch {
      return { outcome: "later", retryAfter: 0 };
    }
  };
}

function formOf({ id, content, fields = {} }) {
  const form = new URLSearchParams({ content, client_message_id: id });
  if (fields.replyTo) form.set("reply_to", fields.replyTo);
  if (fields.isVoice) form.set("message_type", "voice");
  for (const { id: attachmentId } of fields.attachments ?? []) form.append("attachment_ids", attachmentId);
  if (fields.expiresIn) form.set("expires_in", fields.expiresIn);
  if (fields.paid) {
    form.set("priority_level", fields.paid.level);
    form.set("priority_price_minor", fields.paid.priceMinor);
  }
  return form;
}

async function interpret(response, { fields }) {
  // A page route redirects a stranger to the sign-in page; to fetch that shows as an opaque redirect.
  if (response.status === 401 || response.type === "opaqueredirect") return { outcome: "signed-out" };
  if (response.ok) return { outcome: "sent", html: await response.text() };
  if (response.status >= 500 || WORTH_REPEATING.has(response.status)) {
    return { outcome: "later", retryAfter: parseRetryAfter(response.headers.get("Retry-After")) };
  }
  const failure = await response.json().catch(() => ({}));
  if (failure.code === FORM_EXPIRED) return { outcome: "signed-out" };
  const offeredMinor = fields?.paid && failure.data?.offer?.messagePricesMinor?.[fields.paid.level];
  const message = failure.errors?.[0]?.message ?? failure.message ?? "";
  return { outcome: "rejected", message, ...(failure.code && { code: failure.code }), ...(offeredMinor && { offeredMinor }) };
}
