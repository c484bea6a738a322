import { postForm } from "../http.js";
import { refreshList, visitList } from "../navigation.js";
import { text } from "../page.js";
import { toast } from "./toasts.js";

/** A conversation leaves the list at once, and for a moment can be had back. */
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-archive]");
  if (!form) return;
  event.preventDefault();
  archive(form.getAttribute("action"));
});

async function archive(address) {
  if (!(await postForm(address, { archived: "1" }))) return toast(text("error"), { isError: true });
  await visitList();
  await refreshList();
  document.querySelector(".list-scroll")?.focus({ preventScroll: true });
  toast(text("archived"), { action: { label: text("undo"), run: () => bringBack(address) } });
}

async function bringBack(address) {
  if (await postForm(address, { archived: "0" })) refreshList();
  else toast(text("error"), { isError: true });
}
