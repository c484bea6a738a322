import assert from "node:assert/strict";
import { test } from "node:test";
import { messagePoster } from "../../static/js/lib/message-poster.js";

const ENTRY = { id: "c-1", conversationId: "7", content: "hi & bye\n" };

const answeredWith = (response) => messagePoster({ csrfToken: () => "token", fetch: async () => response })(ENTRY);
const json = (status, body) => new Response(JSON.stringify(body), { status });

test("posts the form's fields to the page's route, with the token", async () => {
  let request;
  await messagePoster({ csrfToken: () => "token", fetch: async (url, options) => { request = { url, ...options }; } })(ENTRY);
  assert.equal(request.url, "/conversations/7/messages");
  assert.equal(request.method, "POST");
  assert.deepEqual([...request.body], [["content", "hi & bye\n"], ["client_message_id", "c-1"]]);
  assert.equal(request.headers["X-CSRFToken"], "token");
  assert.equal(request.redirect, "manual");
});

test("a reply and a time to disappear go along", async () => {
  let body;
  const post = messagePoster({ csrfToken: () => "", fetch: async (_url, options) => { ({ body } = options); } });
  await post({ ...ENTRY, fields: { replyTo: "5", quote: { id: "5" }, expiresIn: "60" } });
  assert.deepEqual([...body].slice(2), [["reply_to", "5"], ["expires_in", "60"]]);
});

test("a bubble means sent", async () => {
  assert.deepEqual(await answeredWith(new Response("<li>", { status: 201 })), { outcome: "sent", html: "<li>" });
});

test("a 4xx is a refusal in the server's words, a field's before the general ones", async () => {
  assert.deepEqual(await answeredWith(json(403, { message: "Blocked." })), { outcome: "rejected", message: "Blocked." });
  const invalid = json(400, { message: "Invalid.", errors: [{ field: "content", message: "Too long." }] });
  assert.deepEqual(await answeredWith(invalid), { outcome: "rejected", message: "Too long." });
  assert.deepEqual(await answeredWith(new Response("<p>", { status: 413 })), { outcome: "rejected", message: "" });
});

test("too many and broken mean later, with the server's pause", async () => {
  const busy = new Response("", { status: 429, headers: { "Retry-After": "3" } });
  assert.deepEqual(await answeredWith(busy), { outcome: "later", retryAfter: 3_000 });
  assert.deepEqual(await answeredWith(new Response("", { status: 503 })), { outcome: "later", retryAfter: 0 });
});

test("no connection means later", async () => {
  const post = messagePoster({ csrfToken: () => "", fetch: async () => { throw new TypeError("Failed to fetch"); } });
  assert.deepEqual(await post(ENTRY), { outcome: "later", retryAfter: 0 });
});

test("a 401, a redirect or a form that has expired means signed out", async () => {
  assert.deepEqual(await answeredWith(json(400, { code: "form_expired", message: "Reload." })), { outcome: "signed-out" });
  assert.deepEqual(await answeredWith(new Response("", { status: 401 })), { outcome: "signed-out" });
  assert.deepEqual(await answeredWith({ type: "opaqueredirect", status: 0 }), { outcome: "signed-out" });
});

test("a level that is paid for goes along with its price", async () => {
  let body;
  const post = messagePoster({ csrfToken: () => "", fetch: async (_url, options) => { ({ body } = options); } });
  await post({ ...ENTRY, fields: { paid: { level: "urgent", priceMinor: 3000, currency: "USD" } } });
  assert.deepEqual([...body].slice(2), [["priority_level", "urgent"], ["priority_price_minor", "3000"]]);
});

test("a refused price brings the one of that level as it is now", async () => {
  const data = { offer: { messagePricesMinor: { high: 1500, urgent: 4000 } } };
  const fetch = async () => json(409, { code: "price_changed", message: "Changed.", data });
  const post = messagePoster({ csrfToken: () => "", fetch });
  const paid = { level: "urgent", priceMinor: 3000, currency: "USD" };
  assert.deepEqual(await post({ ...ENTRY, fields: { paid } }), {
    outcome: "rejected", message: "Changed.", code: "price_changed", offeredMinor: 4000,
  });
});
