import { askToSignIn } from "./behaviours/signed-out.js";
import { csrfToken, text } from "./page.js";

const HEADERS = { Accept: "text/html", "HX-Request": "true", "X-Requested-With": "fetch" };

/** Fetches a fragment of a page as text; null where there is none (any more) or no connection. */
export async function fetchFragment(url, { target, signal } = {}) {
  const headers = target ? { ...HEADERS, "HX-Target": target } : HEADERS;
  const response = await send(url, { headers, signal });
  return response?.ok ? response.text() : null;
}

/** The status that a fragment's address answers with, and its text. */
export async function fetchWithStatus(url) {
  const response = await send(url, { headers: HEADERS });
  return { status: response?.status ?? 0, html: response?.ok ? await response.text() : "" };
}

/** Posts a small form; whether it was accepted. */
export async function postForm(url, values) {
  const response = await post(url, values);
  return response?.ok ?? false;
}

/** Posts a form: {isAccepted: true, html}, or {isAccepted: false, code, message} with the words to show for it. */
export async function submitForm(url, values) {
  const response = await post(url, values);
  if (response?.ok) return { isAccepted: true, html: await response.text() };
  const failure = await response?.json().catch(() => null);
  const message = failure?.errors?.[0]?.message ?? failure?.message ?? text(navigator.onLine ? "error" : "offline");
  return { isAccepted: false, code: failure?.code ?? "", message };
}

/** Fetches JSON; null where there is none. */
export async function fetchJson(url) {
  const response = await send(url, { headers: { ...HEADERS, Accept: "application/json" } });
  return response?.ok ? response.json() : null;
}

function post(url, values) {
  const headers = { ...HEADERS, "X-CSRFToken": csrfToken() };
  return send(url, { method: "POST", body: new URLSearchParams(values), headers, keepalive: true });
}

async function send(url, options) {
  try {
    const response = await fetch(url, { credentials: "same-origin", ...options });
    const isTurnedAway = response.status === 401 || (response.redirected && new URL(response.url).pathname === "/login");
    if (!isTurnedAway) return response;
    askToSignIn();
    return null;
  } catch {
    return null;
  }
}
