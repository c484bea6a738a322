/**
 * What an address of the inbox, or of the priority inbox, shows: {pane: "list"|"conversation"|"details", conversationId, messageId}, or null for an
 * address outside them.
 */
export function routeOf(pathname) {
  const [, section, id, part, messageId] = pathname.split("/");
  if (section !== "conversations" && section !== "priority") return null;
  if (!id) return { pane: "list", conversationId: null, messageId: null };
  if (id === "new") return { pane: "conversation", conversationId: null, messageId: null };
  return {
    pane: part === "details" ? "details" : "conversation",
    conversationId: id,
    messageId: part === "messages" ? messageId : null,
  };
}
