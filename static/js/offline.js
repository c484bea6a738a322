const PAUSE = 5_000;

/** Comes back by itself: when the system says so, and looks now and then, since it does not always. */
addEventListener("online", () => location.reload());
setInterval(async () => {
  const answer = await fetch("/healthz").catch(() => null);
  if (answer?.ok) location.reload();
}, PAUSE);
