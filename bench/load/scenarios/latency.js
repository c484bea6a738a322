import { Crowd } from "../crowd.js";
import { onSchedule } from "../pace.js";
import { SENDERS } from "../world.js";

export const PER_SECOND = 4;

/** From when a message was due until the last member has it; sent on a timetable, whatever the earlier ones do. */
export async function delays({ url, world }, audience, { warmup, seconds }) {
  const users = world.users.slice(0, audience + SENDERS);
  const crowd = await Crowd.gather(url, [{ conversationId: world.groups[audience], users }]);
  const [channel] = crowd.channels;
  const start = performance.now() + warmup * 1000;
  const samples = [];
  channel.onDelivery = (_, post) => {
    if (post.arrivals === users.length && post.due >= start) samples.push(performance.now() - post.due);
  };
  let sent = 0;
  await onSchedule(PER_SECOND, start + 2 * seconds * 1000, (due) => {
    const sender = audience + (sent++ % SENDERS);
    channel.send(crowd.sockets[sender], sender, due);
  });
  return { wrong: await crowd.leave(), samples };
}

export const latency = (audience) => ({
  name: "latency",
  title: `Send until the last of ${audience.toLocaleString("en")} has it, at ${PER_SECOND} a second`,
  unit: "ms",
  run: (server, pace) => delays(server, audience, pace),
});
