/**
 * What a viewer may do with a message, as the names of the actions.
 *
 * A message is {senderId, type, state, isDeleted, isPinned, isEdited, hasPreview, canEditUntil, deletedBy, restorableUntil},
 * the times as ISO or empty; the viewer {id, isAdmin, canWrite, seesReceipts}.
 */
export function allowedActions(message, viewer, now = Date.now()) {
  if (message.type === "system" || message.state === "pending" || message.state === "failed") return new Set();
  const allowed = message.isDeleted ? withDeleted(message, viewer, now) : withStanding(message, viewer, now);
  return new Set(Object.keys(allowed).filter((action) => allowed[action]));
}

function withStanding(message, viewer, now) {
  const isOwn = message.senderId === viewer.id;
  return {
    react: true,
    reply: viewer.canWrite,
    edit: isOwn && isAhead(message.canEditUntil, now),
    "copy-text": true,
    "copy-link": true,
    forward: true,
    pin: !message.isPinned,
    unpin: message.isPinned,
    receipts: isOwn && viewer.seesReceipts,
    history: message.isEdited,
    "remove-preview": isOwn && message.hasPreview,
    hide: true,
    report: !isOwn,
    delete: isOwn || viewer.isAdmin,
  };
}

function withDeleted(message, viewer, now) {
  const isDeleter = message.deletedBy === viewer.id;
  return {
    restore: (isDeleter || viewer.isAdmin) && isAhead(message.restorableUntil, now),
    hide: true,
  };
}

const isAhead = (time, now) => Boolean(time) && new Date(time).getTime() > now;
