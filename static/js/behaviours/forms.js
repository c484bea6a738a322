import { postForm } from "../http.js";

for (const button of document.querySelectorAll("[data-reveal]")) button.hidden = false;

document.addEventListener("click", ({ target }) => {
  const reveal = target.closest("[data-reveal]");
  if (reveal) togglePassword(reveal);
  const opener = target.closest("[data-open-dialog]");
  // Browsers that know `command` open it by themselves.
  if (opener && !("command" in opener)) document.getElementById(opener.dataset.openDialog)?.showModal();
});

document.addEventListener("change", ({ target }) => {
  if (target.closest("[data-theme-choice]")) chooseTheme(target);
});

function togglePassword(button) {
  const field = document.getElementById(button.dataset.reveal);
  const isShown = field.type === "password";
  field.type = isShown ? "text" : "password";
  button.setAttribute("aria-pressed", String(isShown));
}

function chooseTheme({ name, value, form }) {
  document.documentElement.dataset.theme = value;
  const scheme = document.querySelector('meta[name="color-scheme"]');
  if (scheme) scheme.content = value === "auto" ? "light dark" : value;
  postForm(form.getAttribute("action"), { [name]: value });
}
