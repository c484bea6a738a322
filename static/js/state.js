import { Clockface } from "./lib/clockface.js";
import { Drafts } from "./lib/drafts.js";
import { EmojiHabits } from "./lib/emoji-habits.js";
import { KeyedStore } from "./lib/keyed-store.js";
import { messagePoster } from "./lib/message-poster.js";
import { Outbox } from "./lib/outbox.js";
import { Playback } from "./lib/playback.js";
import { Typists } from "./lib/typists.js";
import { csrfToken, text, viewerId } from "./page.js";

// One of each per page; keyed by the viewer, so that a shared browser never mixes people up.
const storage = permittedStorage();
const outboxStore = new KeyedStore(storage, `lumina.outbox.${viewerId}`);
const draftStore = new KeyedStore(storage, `lumina.drafts.${viewerId}`);

/** What the next message of each conversation replies to: {id, senderId, name, text}. */
export const replies = new KeyedStore(storage, `lumina.replies.${viewerId}`);
export const playback = new Playback(new KeyedStore(storage, `lumina.playback.${viewerId}`));
export const typists = new Typists();
export const drafts = new Drafts(draftStore);
export const emojiHabits = new EmojiHabits(new KeyedStore(storage, `lumina.emoji.${viewerId}`));
export const outbox = new Outbox({ store: outboxStore, post: messagePoster({ csrfToken }), withLock: lockAcrossTabs });
export const clockface = newClockface();

const clockfaces = new Map();

/** The clock of another time zone; the viewer's own where the browser knows none of that name. */
export function clockfaceIn(timeZone) {
  if (!clockfaces.has(timeZone)) clockfaces.set(timeZone, isZone(timeZone) ? newClockface(timeZone) : clockface);
  return clockfaces.get(timeZone);
}

addEventListener("storage", ({ storageArea, key }) => {
  if (storageArea !== storage) return;
  if (outboxStore.owns(key)) outbox.sync();
  if (key !== null && draftStore.owns(key)) drafts.announce(draftStore.keyOf(key));
});

/** Where the browser forbids storing, everything works until the page is left. */
function permittedStorage() {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

/** Two tabs have the same entries to send; one at a time keeps their order. */
function lockAcrossTabs(conversationId, run) {
  if (!navigator.locks) return run();
  return navigator.locks.request(`lumina.outbox.${viewerId}.${conversationId}`, run);
}

/** The viewer's own variety of the page's language, as far as there is one: en-GB on an English page. */
function viewersLocale() {
  const language = document.documentElement.lang || "en";
  return navigator.languages.find((candidate) => candidate.split("-")[0] === language) ?? language;
}

function newClockface(timeZone) {
  return new Clockface({
    timeZone,
    locale: viewersLocale(),
    hourCycle: new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions().hourCycle,
    words: { today: text("today"), yesterday: text("yesterday") },
  });
}

function isZone(timeZone) {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone }));
  } catch {
    return false;
  }
}
