import { parse } from "../html.js";
import { fetchFragment } from "../http.js";
import { live } from "../socket.js";
import htmx from "../../vendor/htmx.esm.min.js";

/**
 * Whether one can still write to the other of two may have changed. What is broadcast does not say it, since it is another
 * thing for each of them: the server is asked.
 */
live.addEventListener("conversation_updated", ({ detail: { conversation } }) => {
  if (conversation.type !== "group") renewComposer(conversation.id);
});

async function renewComposer(conversationId) {
  const find = () => document.querySelector(`message-composer[data-conversation-id="${CSS.escape(conversationId)}"]`);
  if (!find()) return;
  const html = await fetchFragment(`/conversations/${conversationId}`);
  const fresh = html && parse(html).querySelector("message-composer");
  const shown = find();
  if (!fresh || !shown || standing(fresh) === standing(shown)) return;
  shown.replaceWith(fresh);
  htmx.process(fresh);
}

/** "mine" or "theirs" where one has blocked the other, else whether there is anything to write in. */
function standing(composer) {
  return composer.dataset.block ?? Boolean(composer.querySelector("textarea"));
}
