/** What a list row says of a message: "You: …" for one's own, "Name: …" for others in a group. */
export function previewText(message, words, { viewerId, type, you }) {
  const text = words.replace(/\s+/g, " ").trim();
  if (message.messageType === "system") return text;
  if (message.senderId === viewerId) return `${you}: ${text}`;
  return type === "group" ? `${message.sender.firstName}: ${text}` : text;
}

/** Whether a row {type, unread, archived} belongs under a filter tab; a search shows only what the server found. */
export function matchesFilter(row, { filter, query }) {
  if (query) return false;
  switch (filter) {
    case "unread":
      return row.unread > 0 && !row.archived;
    case "groups":
      return row.type === "group" && !row.archived;
    case "priority":
      return row.type === "priority_dm" && !row.archived;
    case "archived":
      return row.archived;
    default:
      return !row.archived;
  }
}
