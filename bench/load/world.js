import { randomBytes } from "node:crypto";

import { Http } from "./http.js";
import { inParallel } from "./pace.js";

const PASSWORD = randomBytes(12).toString("hex");
const AT_ONCE = 8;
const LISTED = 20;
const HISTORY = 50;

export const SENDERS = 4;
const CONVERSATIONS = "/api/messages/conversations";

/** How many accounts the scenarios need at `scale`. */
const headcount = ({ audiences, sockets, pairs }) => Math.max(3, 2 * pairs, SENDERS + Math.max(sockets, ...audiences));

async function register(api, i) {
  const email = `load-${i}-${randomBytes(4).toString("hex")}@example.com`;
  const json = { email, password: PASSWORD, firstName: "Load", lastName: `Number ${i}` };
  const { user, token, refreshToken } = await api.data("POST", "/api/auth/register", { json });
  return { id: user.id, email, password: PASSWORD, token, refreshToken };
}

async function start(api, type, [creator, ...others], name) {
  const json = { type, name, participantIds: others.map((user) => user.id) };
  return (await api.data("POST", CONVERSATIONS, { token: creator.token, json })).conversation.id;
}

/** Three people with 20 conversations, of which one has a page of history and another takes what is posted. */
async function makeInbox(api, people) {
  const ids = [];
  for (let i = 0; i < LISTED; i++) ids.push(await start(api, "group", people, `Project ${i}`));
  const say = (conversationId, content, i) =>
    api.data("POST", "/api/messages", { token: people[i % 3].token, json: { conversationId, content } });
  for (const id of ids) await say(id, "Here is where we talk about it.", 0);
  for (let i = 1; i <= HISTORY; i++) await say(ids[0], `Entry ${i} of the history: the figures are in.`, i);
  return { opened: ids[0], postedTo: ids[1], newest: `Entry ${HISTORY} of`, name: "Project 1" };
}

/** Accounts and conversations for every scenario at `scale`, as plain data. */
export async function makeWorld(base, scale) {
  const api = new Http(base, AT_ONCE);
  const users = await inParallel(Array.from({ length: headcount(scale) }), AT_ONCE, (_, i) => register(api, i));
  const inbox = await makeInbox(api, users.slice(-3));
  const groups = {};
  for (const size of new Set([...scale.audiences, scale.sockets])) {
    groups[size] = await start(api, "group", users.slice(0, size + SENDERS), `Audience of ${size}`);
  }
  const couples = Array.from({ length: scale.pairs }, (_, i) => users.slice(2 * i, 2 * i + 2));
  const pairs = await inParallel(couples, AT_ONCE, async (users) => {
    return { conversationId: await start(api, "direct", users), users };
  });
  api.close();
  return { scale, users, inbox, groups, pairs };
}

/** Fresh tokens for everybody, without the cost of checking a password. A world read from a file has its couples twice. */
export async function renewTokens(base, world) {
  const api = new Http(base, AT_ONCE);
  await inParallel(world.users, AT_ONCE, async (user) => {
    const json = { refreshToken: user.refreshToken };
    Object.assign(user, { token: (await api.data("POST", "/api/auth/refresh", { json })).token });
  });
  const byId = new Map(world.users.map((user) => [user.id, user]));
  for (const pair of world.pairs) pair.users = pair.users.map(({ id }) => byId.get(id));
  api.close();
}
