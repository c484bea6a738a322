import { Crowd } from "../crowd.js";
import { sleep } from "../pace.js";
import { Meter, rates, residentKilobytes } from "../procfs.js";

/** Sockets connect, sign in with a token and join a group, 50 at once. One message to all proves that they are in. */
export const connect = (sockets) => ({
  name: "connect",
  title: `Connect, sign in and join with ${sockets.toLocaleString("en")} sockets`,
  async run({ url, pid, world }) {
    const users = world.users.slice(0, sockets);
    const meter = new Meter(pid);
    const crowd = await Crowd.gather(url, [{ conversationId: world.groups[sockets], users }]);
    const result = rates(sockets, meter.stop());
    await crowd.channels[0].send(crowd.sockets[0], 0);
    return { ...result, wrong: await crowd.leave() };
  },
});

/** What the sockets of `connect` take while they are idle. Needs a server that has not had more of them before. */
export const memory = (sockets) => ({
  name: "memory",
  title: "Memory per idle socket",
  unit: "KB",
  async run({ url, pid, world }) {
    const party = (from, to) => [{ conversationId: world.groups[sockets], users: world.users.slice(from, to) }];
    const first = await Crowd.gather(url, party(0, 10));
    const before = residentKilobytes(pid);
    const crowd = await Crowd.gather(url, party(10, sockets));
    await sleep(1_000);
    const perSocket = (residentKilobytes(pid) - before) / (sockets - 10);
    return { memory: perSocket, wrong: (await first.leave()) + (await crowd.leave()) };
  },
});
