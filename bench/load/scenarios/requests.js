import { Http } from "../http.js";
import { sleep } from "../pace.js";
import { Meter, rates } from "../procfs.js";
import { signIn } from "../sign_in.js";

const CLIENTS = 16;
const CROWDS = [64, 256];
let posted = 0;

const get = (path, contains, access) => ({ method: "GET", path, status: 200, contains, ...access });
const list = ({ inbox }, token) => get("/api/messages/conversations", inbox.name, { token });
const open = ({ inbox }, token) => get(`/api/messages/conversations/${inbox.opened}`, inbox.newest, { token });
const post = ({ inbox }, token) => {
  const content = `Posted as number ${posted++}.`;
  const json = { conversationId: inbox.postedTo, content };
  return { method: "POST", path: "/api/messages", token, json, status: 201, contains: content };
};

async function isRight(http, { method, path, status, contains, ...options }) {
  try {
    const answer = await http.call(method, path, options);
    return answer.status === status && answer.body.includes(contains);
  } catch {
    return false;
  }
}

/** Keep-alive clients, each asking again as soon as it has its answer; `next(k)` is the k-th request. */
async function hammer({ url, pid, share = 1 }, { warmup, seconds }, next, ofAll = CLIENTS) {
  const clientele = ofAll * share;
  const http = new Http(url, clientele);
  let [running, right, wrong, asked] = [true, 0, 0, 0];
  const client = async () => {
    while (running) (await isRight(http, next(asked++))) ? right++ : wrong++;
  };
  const clients = Array.from({ length: clientele }, client);

  await sleep(warmup * 1000);
  const before = right;
  const meter = new Meter(pid);
  await sleep(seconds * 1000);
  const result = rates(right - before, meter.stop());

  running = false;
  await Promise.all(clients);
  http.close();
  return { ...result, wrong };
}

const api = (name, title, requests, clientele) => ({
  name,
  title,
  run(server, pace) {
    const { world } = server;
    const { token } = world.users.at(-1);
    return hammer(server, pace, (k) => requests[k % requests.length](world, token), clientele);
  },
});

/** A page of Lumina's; the echo server, which has none, answers the same question as JSON. */
const page = (name, title, path, counterpart) => ({
  name,
  title,
  async run(server, pace) {
    const { world } = server;
    const user = world.users.at(-1);
    if (server.name === "echo") return hammer(server, pace, () => counterpart(world, user.token));
    const cookie = await signIn(server.url, user);
    return hammer(server, pace, () => get(path(world), counterpart(world).contains, { cookie }));
  },
});

export const requests = [
  ...[CLIENTS, ...CROWDS].map((clients) => {
    const name = clients === CLIENTS ? "api" : `api-${clients}`;
    return api(name, `API with ${clients} clients: list, open, post in turn`, [list, open, post], clients);
  }),
  api("api-list", "API: list of 20 conversations", [list]),
  api("api-open", "API: conversation of 50 messages", [open]),
  api("api-post", "API: post a message", [post]),
  page("page-list", "Page: list (against the echo’s API)", () => "/conversations", list),
  page("page-open", "Page: conversation of 50 messages (likewise)", (world) => `/conversations/${world.inbox.opened}`, open),
];
