import { element } from "../html.js";

const LIFETIME = 6_000;

/** One line at the bottom left that goes by itself. */
export function toast(words, { isError = false } = {}) {
  const line = element("div", { class: isError ? "toast toast-error" : "toast" }, element("span", {}, words));
  document.getElementById("toasts")?.append(line);
  setTimeout(() => line.remove(), LIFETIME);
}
