import { refreshSettings } from "../navigation.js";
import { openConversationId } from "../page.js";
import { live } from "../socket.js";
import { play } from "../sounds.js";

live.addEventListener("conversation_settings_updated", ({ detail: { conversation } }) => {
  if (conversation.id === openConversationId()) refreshSettings(conversation.id);
});

/** A moment chosen in the viewer's zone goes out with its zone. */
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  for (const { name, value } of ctx.request.form?.querySelectorAll('input[type="datetime-local"]') ?? []) {
    if (value) ctx.request.body.set(name, new Date(value).toISOString());
  }
});

// A switch shows at once what it asks for; where that fails, what still holds.
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => turn(ctx, true));
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => turn(ctx, false));
document.addEventListener("htmx:error", ({ detail: { ctx } }) => turn(ctx, false));

// Quiet hours are the viewer's own: their browser knows where that is.
for (const field of document.querySelectorAll("[data-time-zone]")) {
  field.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone;
}

document.addEventListener("change", ({ target }) => {
  if (target.closest("[data-sound-choice]")) play(target.value);
});

function turn(ctx, isGranted) {
  const button = ctx?.request?.submitter;
  if (button?.getAttribute("role") !== "switch") return;
  const isOn = (ctx.request.body.get(button.name) === "1") === isGranted;
  button.setAttribute("aria-checked", String(isOn));
  // What the next press asks for.
  button.value = isOn ? "0" : "1";
}
