import { closeNotifications, unsubscribe } from "../worker.js";

const PATIENCE = 1_500;

/** The next person at this machine hears nothing of the last one's. */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== "/logout" || form.dataset.isReady) return;
  event.preventDefault();
  form.dataset.isReady = "true";
  const isLeft = Promise.all([unsubscribe(), closeNotifications(), navigator.clearAppBadge?.()]);
  await Promise.race([isLeft.catch(() => {}), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  form.submit();
});
