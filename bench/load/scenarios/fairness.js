import { form, png, prose } from "../files.js";
import { Http } from "../http.js";
import { delays, PER_SECOND } from "./latency.js";

const BUSY = 16;
const MIB = 1024 * 1024;
const CONVERSATIONS = "/api/messages/conversations";

/** Does `work(k)`, which tells whether it went well, again and again; `end()` resolves to how often it did not. */
function againAndAgain(work) {
  let [running, wrong] = [true, 0];
  const loop = async () => {
    for (let k = 0; running; k++) if (!(await work(k))) wrong++;
  };
  const done = loop();
  return {
    async end() {
      running = false;
      await done;
      return wrong;
    },
  };
}

/** Keep-alive connections that ask without a pause, and beside them uploads: one of 10 MiB, one of a picture. */
function besiege({ url, world }) {
  const [asking, sending] = [new Http(url, BUSY), new Http(url, 2)];
  const [reader] = world.users.slice(-1);
  const ask = async (k) => {
    const path = k % 2 ? CONVERSATIONS : `${CONVERSATIONS}/${world.inbox.opened}`;
    return (await asking.call("GET", path, { token: reader.token })).status === 200;
  };
  // By one after another, since what one person may keep is bounded.
  const upload = (body) => async (k) => {
    const { token } = world.users[k % world.users.length];
    return (await sending.call("POST", "/api/messages/attachments", { token, body })).status === 201;
  };
  const all = [
    ...Array.from({ length: BUSY }, () => againAndAgain(ask)),
    againAndAgain(upload(form("file", "large.txt", "text/plain", prose(10 * MIB)))),
    againAndAgain(upload(form("file", "picture.png", "image/png", png(3000, 2000)))),
  ];
  return {
    async end() {
      const wrong = await Promise.all(all.map((one) => one.end()));
      asking.close();
      sending.close();
      return wrong.reduce((sum, one) => sum + one, 0);
    },
  };
}

/** The delay of a message beside all that. */
export const fairness = (audience) => ({
  name: "fairness",
  title: `Send until the last of ${audience} has it, at ${PER_SECOND} a second, beside ${BUSY} busy connections and two uploads`,
  unit: "ms",
  async run(server, pace) {
    const siege = besiege(server);
    const { wrong, samples } = await delays(server, audience, pace);
    return { wrong: wrong + (await siege.end()), samples };
  },
});
