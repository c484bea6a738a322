import { parseRetryAfter } from "./backoff.js";

const TIMEOUT = 20_000;
const WORTH_REPEATING = new Set([408, 425, 429]);

/**
 * Makes the outbox's `post`: sends one entry and says what became of it, as
 * {outcome: "sent", html} | {outcome: "rejected", message} | {outcome: "later", retryAfter} | {outcome: "signed-out"}.
 */
export function messagePoster({ csrfToken, fetch = (...args) => globalThis.fetch(...args) }) {
  return async function post(entry) {
    try {
      const response = await fetch(`/conversations/${entry.conversationId}/messages`, {
        method: "POST",
        body: new URLSearchParams({ content: entry.content, client_message_id: entry.id }),
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
      return await interpret(response);
    } catch {
      return { outcome: "later", retryAfter: 0 };
    }
  };
}

async function interpret(response) {
  // A page route redirects a stranger to the sign-in page; to fetch that shows as an opaque redirect.
  if (response.status === 401 || response.type === "opaqueredirect") return { outcome: "signed-out" };
  if (response.ok) return { outcome: "sent", html: await response.text() };
  if (response.status >= 500 || WORTH_REPEATING.has(response.status)) {
    return { outcome: "later", retryAfter: parseRetryAfter(response.headers.get("Retry-After")) };
  }
  return { outcome: "rejected", message: await explanation(response) };
}

async function explanation(response) {
  try {
    const failure = await response.json();
    return failure.errors?.[0]?.message ?? failure.message ?? "";
  } catch {
    return "";
  }
}
