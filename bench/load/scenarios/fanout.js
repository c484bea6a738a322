import { Crowd } from "../crowd.js";
import { sleep } from "../pace.js";
import { Meter, rates } from "../procfs.js";
import { SENDERS } from "../world.js";

/** Four senders, each waiting for its acknowledgement, and `audience` listeners in one group. */
export const fanout = (audience) => ({
  name: `fanout-${audience}`,
  title: `Messages to ${audience.toLocaleString("en")} listener${audience === 1 ? "" : "s"}, deliveries`,
  async run({ url, pid, world }, { warmup, seconds }) {
    const users = world.users.slice(0, audience + SENDERS);
    const crowd = await Crowd.gather(url, [{ conversationId: world.groups[audience], users }]);
    const [channel] = crowd.channels;
    let running = true;
    const talk = async (sender) => {
      while (running) await channel.send(crowd.sockets[sender], sender);
    };
    const talks = Array.from({ length: SENDERS }, (_, k) => talk(audience + k));

    await sleep(warmup * 1000);
    const before = channel.delivered(audience);
    const meter = new Meter(pid);
    await sleep(seconds * 1000);
    const result = rates(channel.delivered(audience) - before, meter.stop());

    running = false;
    await Promise.all(talks);
    return { ...result, wrong: await crowd.leave() };
  },
});
