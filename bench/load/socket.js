import WebSocket from "ws";

const PATIENCE = 30_000;

/**
 * A Socket.IO client with only what the load needs: websocket transport, default namespace, text, acknowledgements.
 * Event packets are handed over unparsed, so that a broadcast need not be decoded once per listener.
 */
export class Socket {
  #ws;
  #answers = new Map();
  #asked = 0;
  #leaving = false;

  onEvent = () => {};
  dropped = false;

  static connect(base, token) {
    const socket = new Socket();
    return new Promise((resolve, reject) => socket.#open(base, token, () => resolve(socket), reject));
  }

  #open(base, token, ready, failed) {
    const address = `${base.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`;
    const options = { perMessageDeflate: false, skipUTF8Validation: true, handshakeTimeout: PATIENCE };
    const ws = new WebSocket(address, options);
    this.#ws = ws;
    ws.on("error", failed);
    ws.on("close", () => {
      this.dropped = !this.#leaving;
      failed(new Error("the connection was closed"));
      for (const answer of this.#answers.values()) answer(null);
    });
    ws.on("message", (packet) => {
      const type = String.fromCharCode(packet[0], packet[1] ?? 0);
      if (type === "42") this.onEvent(packet);
      else if (type === "43") this.#answered(packet.toString("utf8", 2));
      else if (type === "40") ready();
      else if (type === "44") failed(new Error(packet.toString("utf8", 2)));
      else if (type[0] === "2") ws.send("3");
      else if (type[0] === "0") ws.send(`40${JSON.stringify({ token })}`);
    });
  }

  #answered(packet) {
    const bracket = packet.indexOf("[");
    const id = Number(packet.slice(0, bracket));
    this.#answers.get(id)?.(JSON.parse(packet.slice(bracket))[0]);
  }

  /** Emits, and resolves to the acknowledgement, or to null when none comes. */
  ask(event, payload) {
    const id = this.#asked++;
    return new Promise((resolve) => {
      const answer = (value) => {
        clearTimeout(timer);
        this.#answers.delete(id);
        resolve(value);
      };
      const timer = setTimeout(answer, PATIENCE, null);
      this.#answers.set(id, answer);
      this.#ws.send(`42${id}${JSON.stringify([event, payload])}`);
    });
  }

  close() {
    this.#leaving = true;
    this.#ws.close();
  }
}
