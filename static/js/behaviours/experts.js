import { fetchFragment } from "../http.js";
import { parse } from "../html.js";
import { live } from "../socket.js";

const PAY = "form[data-ask]";
const SUM = "[data-ask-pay]";

// Where both live by the same clock, one time is enough.
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const line of document.querySelectorAll("[data-their-zone]")) line.hidden = line.dataset.theirZone === own;

/** Money moves once: the button says what goes on, and cannot be pressed again. */
document.addEventListener("submit", ({ target, submitter }) => {
  if (!target.matches(PAY) || !submitter?.dataset.pending) return;
  // Later: a disabled button's name and value are not sent.
  setTimeout(() => hold(submitter));
});

// Come back to by Back, the page is as it was left.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) document.querySelectorAll("[data-held]").forEach(letGo);
});

function hold(button) {
  button.dataset.held = button.textContent;
  button.textContent = button.dataset.pending;
  button.disabled = true;
}

function letGo(button) {
  button.textContent = button.dataset.held;
  button.disabled = false;
  delete button.dataset.held;
}

// What is in the wallet may change elsewhere: by a top-up in another tab, or an answer that has not come.
live.addEventListener("wallet_updated", async () => {
  if (!document.querySelector(SUM)) return;
  const html = await fetchFragment(location.pathname);
  const shown = document.querySelector(SUM), fresh = html && parse(html).querySelector(SUM);
  // Another price is told when one pays, and agreed to there.
  if (!shown || fresh?.dataset.askPay !== shown.dataset.askPay || shown.querySelector("[data-held]")) return;
  shown.replaceWith(fresh);
});
