import { setAttribute } from "../html.js";
import { live } from "../socket.js";

/** Puts who is here on everything that shows a person: rows, the header, members. */
live.addEventListener("presence_changed", ({ detail }) => show(detail.userId, detail));

// What is looked at comes with the presence of its members, also after a time without a connection.
live.addEventListener("watching", ({ detail: { participants } }) => {
  for (const person of participants) show(person.id, person);
});

function show(userId, { online, lastSeenAt }) {
  const id = CSS.escape(userId);
  for (const shown of document.querySelectorAll(`[data-peer-id="${id}"]`)) {
    setAttribute(shown, "data-online", String(online));
    setAttribute(shown, "data-last-seen-at", lastSeenAt ?? "");
  }
}
