import { ask } from "../../behaviours/asking.js";
import { toast } from "../../behaviours/toasts.js";
import { copy } from "../../clipboard.js";
import { fetchJson, submitForm } from "../../http.js";
import { text } from "../../page.js";

/** What the actions do with a message {id, url, bubble, list}; what is not here, its element does. */
export const commands = {
  reply: ({ bubble }) => want("reply", bubble),
  edit: ({ bubble }) => want("edit", bubble),
  pin: (message) => change(message, "pin", { pinned: "1" }),
  unpin: (message) => change(message, "pin", { pinned: "0" }),
  restore: (message) => change(message, "restore"),
  "remove-preview": (message) => change(message, "preview/remove"),
  "copy-text": ({ url }) => putOnClipboard(source(url), "copied-text"),
  "copy-link": ({ url }) => putOnClipboard(new URL(url, location.origin).href, "copied-link"),
  report: ({ url }) => location.assign(`${url}/report`),
  delete: deleteForAll,
  hide,
};

/** The text of a message as it was typed. */
export async function source(url) {
  const answer = await fetchJson(`${url}/source`);
  if (!answer) throw new Error("The message is out of reach.");
  return answer.content;
}

/** Deletes a message for everyone, which for a while can be undone. */
export async function deleteForAll(message) {
  const isDone = await change(message, "delete", { scope: "everyone" });
  if (isDone) toast(text("message-deleted"), { action: { label: text("undo"), run: () => change(message, "restore") } });
}

async function hide({ id, url, list }) {
  const isSure = await ask({ title: text("hide-title"), words: text("hide-words"), verb: text("hide-verb"), isDanger: true });
  if (!isSure) return;
  const answer = await submitForm(`${url}/delete`, { scope: "me" });
  if (answer.isAccepted) list.remove(id);
  else toast(answer.message, { isError: true });
}

async function change({ url, list }, path, values = {}) {
  const answer = await submitForm(`${url}/${path}`, values);
  if (answer.isAccepted) list.receive(answer.html);
  else toast(answer.message, { isError: true });
  return answer.isAccepted;
}

/** The composer listens for what is wanted of it. */
function want(what, bubble) {
  bubble.dispatchEvent(new CustomEvent(`${what}-wanted`, { bubbles: true }));
}

async function putOnClipboard(words, said) {
  const isCopied = await copy(words);
  toast(text(isCopied ? said : "error"), { isError: !isCopied });
}
