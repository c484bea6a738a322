/** The search for messages: its days are those of this browser's zone, and its address names what is asked alone. */
const FORM = "[data-message-search]";

// Later, as htmx does, which then has begun to listen.
setTimeout(() => document.querySelectorAll(FORM).forEach(begin));

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (!ctx.sourceElement.matches(FORM)) return;
  const asked = ctx.request.body;
  if (!asked.get("after") && !asked.get("before")) asked.delete("zone");
  for (const [name, value] of [...asked]) if (!value) asked.delete(name);
});

function begin(form) {
  form.elements.zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  const { value, defaultValue } = form.elements.query;
  // Somebody was quicker than the scripts.
  if (value !== defaultValue) form.dispatchEvent(new Event("change"));
}
