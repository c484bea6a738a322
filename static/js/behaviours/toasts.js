import { element } from "../html.js";

const LIFETIME = 6_000;

/** One line at the bottom left that goes by itself; `action` {label, run} puts a button at its end. */
export function toast(words, { isError = false, action } = {}) {
  const line = element("div", { class: isError ? "toast toast-error" : "toast" }, element("span", {}, words));
  if (action) line.append(button(action, line));
  document.getElementById("toasts")?.append(line);
  setTimeout(() => line.remove(), LIFETIME);
}

function button({ label, run }, line) {
  const made = element("button", { type: "button" }, label);
  made.addEventListener("click", () => {
    line.remove();
    run();
  });
  return made;
}
