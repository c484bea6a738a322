import { element } from "../../html.js";
import { fetchJson } from "../../http.js";
import { mentionAt } from "../../lib/completion-place.js";
import { MemberSearch } from "../../lib/member-search.js";
import { live } from "../../socket.js";

/** Members of the conversation, behind "@". */
export function mentionSource(conversationId, signal) {
  const address = (query) => `/conversations/${conversationId}/mentionable?${new URLSearchParams({ query })}`;
  const members = new MemberSearch(async (query) => (await fetchJson(address(query)))?.people ?? null);
  live.addEventListener("conversation_updated", () => members.forget(), { signal });
  return {
    label: "completion-people",
    find: mentionAt,
    search: (query) => members.find(query),
    option: ({ name, initials, avatar, hue }) => [
      element("span", { class: `avatar hue-${hue}`, "aria-hidden": "true" }, avatar ? element("img", { src: avatar, alt: "" }) : initials),
      element("span", {}, name),
    ],
    insertion: ({ name }) => `@${name} `,
  };
}
