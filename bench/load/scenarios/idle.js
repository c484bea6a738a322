import { inParallel, sleep } from "../pace.js";
import { Meter, residentKilobytes } from "../procfs.js";
import { Socket } from "../socket.js";

const AT_ONCE = 50;
// Three heartbeats of Lumina's, two of the library's default.
const WATCHED = 60_000;

/**
 * What very many sockets take that do nothing: memory, and the CPU of their heartbeats. Several of them belong to each person;
 * they listen without looking at a conversation. Asked for by name only.
 */
export const idle = (sockets) => ({
  name: "idle",
  title: `${sockets.toLocaleString("en")} idle sockets`,
  unit: "KB",
  async run({ url, pid, world }) {
    const connect = (_, i) => Socket.connect(url, world.users[i % world.users.length].token);
    const first = await inParallel(Array.from({ length: 10 }), 10, connect);
    const before = residentKilobytes(pid);
    const many = await inParallel(Array.from({ length: sockets - first.length }), AT_ONCE, connect);
    await sleep(5_000);
    const meter = new Meter(pid);
    await sleep(WATCHED);
    const { cpu, seconds } = meter.stop();
    const memory = (residentKilobytes(pid) - before) / many.length;
    const all = [...first, ...many];
    const dropped = all.filter((socket) => socket.dropped).length;
    for (const socket of all) socket.close();
    await sleep(2_000);
    return { memory, heartbeats: (cpu / seconds) * 100, wrong: dropped };
  },
});
