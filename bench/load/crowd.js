import { inParallel, sleep } from "./pace.js";
import { Channel } from "./channel.js";
import { Socket } from "./socket.js";

const AT_ONCE = 50;
const QUIET = 5_000;

async function enter(base, user, conversationId) {
  const socket = await Socket.connect(base, user.token);
  const answer = await socket.ask("join_conversation", conversationId);
  if (!answer?.success) throw new Error(`joining was refused: ${JSON.stringify(answer)}`);
  return { socket, conversation: answer.data.conversation };
}

/** Sockets that listen to conversations, every one in a channel. */
export class Crowd {
  sockets = [];
  channels = [];

  /** Each of `parties` is {conversationId, users}. */
  static async gather(base, parties) {
    const crowd = new Crowd();
    const seats = parties.flatMap(({ conversationId, users }) => users.map((user) => ({ conversationId, user })));
    const entered = await inParallel(seats, AT_ONCE, ({ user, conversationId }) => enter(base, user, conversationId));
    for (const { users } of parties) {
      const members = entered.splice(0, users.length);
      const channel = new Channel(members[0].conversation, users.length);
      members.forEach(({ socket }, i) => (socket.onEvent = (frame) => channel.receive(i, frame)));
      crowd.channels.push(channel);
      crowd.sockets.push(...members.map(({ socket }) => socket));
    }
    return crowd;
  }

  /** Waits until all has arrived, or nothing more does. */
  async settle() {
    const arrived = () => this.channels.reduce((sum, channel) => sum + channel.delivered() + channel.accepted, 0);
    for (let before = arrived(), since = Date.now(); Date.now() - since < QUIET; ) {
      await sleep(100);
      if (this.channels.every((channel) => channel.complete)) break;
      if (arrived() !== before) [before, since] = [arrived(), Date.now()];
    }
    await sleep(100); // a double would come late
  }

  /** Settles, closes the sockets and says how much went wrong. */
  async leave() {
    await this.settle();
    const dropped = this.sockets.filter((socket) => socket.dropped).length;
    for (const socket of this.sockets) socket.close();
    await sleep(200);
    return this.channels.reduce((sum, channel) => sum + channel.wrong, dropped);
  }
}
