import { Crowd } from "../crowd.js";
import { sleep } from "../pace.js";
import { Meter, rates } from "../procfs.js";

/** Direct conversations, in each of which a message is answered as soon as it is received. */
export const pingpong = (pairs) => ({
  name: "pairs",
  title: `${pairs} pairs in ping-pong, messages`,
  async run({ url, pid, world }, { warmup, seconds }) {
    const crowd = await Crowd.gather(url, world.pairs);
    let running = true;
    let returned = 0;
    crowd.channels.forEach((channel, k) => {
      const serve = (side) => running && channel.send(crowd.sockets[2 * k + side], side);
      channel.onDelivery = (side, post) => {
        if (side === post.sender) return;
        returned++;
        serve(side);
      };
      serve(0);
    });

    await sleep(warmup * 1000);
    const before = returned;
    const meter = new Meter(pid);
    await sleep(seconds * 1000);
    const result = rates(returned - before, meter.stop());

    running = false;
    return { ...result, wrong: await crowd.leave() };
  },
});
