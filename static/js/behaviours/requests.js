import { csrfToken, signIn, text } from "../page.js";
import { toast } from "./toasts.js";

/** What holds for every request that htmx makes. */
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (ctx.request.method !== "GET") ctx.request.headers["X-CSRFToken"] = csrfToken();
});

document.addEventListener("htmx:before:response", (event) => {
  const { status, raw } = event.detail.ctx.response;
  const isTurnedAway = status === 401 || (raw.redirected && new URL(raw.url).pathname === "/login");
  if (!isTurnedAway) return;
  event.preventDefault();
  signIn();
});

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  const isShown = ctx.sourceElement.hasAttribute(`hx-status:${ctx.response.status}`);
  if (!isShown) toast(text("error"), { isError: true });
});

document.addEventListener("htmx:error", ({ detail }) => {
  // A request given up for a newer one is no failure.
  if (detail.error?.name !== "AbortError") toast(text(navigator.onLine ? "error" : "offline"), { isError: true });
});
