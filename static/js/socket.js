import { Emitter } from "./lib/emitter.js";
import { io } from "../vendor/socket.io.esm.min.js";

const EVENTS = [
  "message_received", "message_updated", "message_deleted", "message_reaction_updated", "user_typing", "user_stopped_typing",
  "conversation_created", "conversation_updated", "conversation_settings_updated", "messages_read",
  "messages_delivered", "presence_changed", "new_message_notification", "escrow_updated", "wallet_updated",
];
const SESSION_OVER = "unauthorized";
const CLOSED_BY_SERVER = "io server disconnect";

/**
 * The tab's one connection. Emits the server's events under their own names, and about itself `connected`,
 * `disconnected` {refused} and, once the server knows which conversation is looked at, `watching` {id, version, ...}.
 */
class Live extends Emitter {
  #socket = null;
  #watched = null;

  get connected() {
    return this.#socket?.connected ?? false;
  }

  connect() {
    this.#socket = io({
      auth: { html: true },
      withCredentials: true,
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 10_000,
      randomizationFactor: 0.5,
    });
    this.#socket.on("connect", () => this.#connected());
    this.#socket.on("disconnect", (reason) => this.#disconnected(reason));
    this.#socket.on("connect_error", (error) => this.#notConnected(error));
    for (const name of EVENTS) this.#socket.on(name, (payload) => this.emit(name, payload));
  }

  /** Tries at once instead of at the end of the current pause. */
  hurry() {
    if (this.#socket && !this.#socket.connected && this.#socket.active) this.#socket.disconnect().connect();
  }

  /** The connection may be gone without anybody having said so. */
  reconnect() {
    this.#socket?.disconnect().connect();
  }

  /** The viewer now looks at this conversation; the server is told again after each reconnect. */
  watch(conversationId) {
    this.#watched = conversationId;
    if (this.connected) this.#join(conversationId);
  }

  unwatch(conversationId) {
    if (this.#watched === conversationId) this.#watched = null;
    if (this.connected) this.#socket.emit("leave_conversation", { conversationId });
  }

  /** Sends what is worthless later; false without a connection, when it is dropped. */
  send(event, payload) {
    if (this.connected) this.#socket.emit(event, payload);
    return this.connected;
  }

  #join(conversationId) {
    this.#socket.emit("join_conversation", { conversationId }, (answer) => {
      if (answer.success) this.emit("watching", answer.data.conversation);
    });
  }

  #connected() {
    if (this.#watched) this.#join(this.#watched);
    this.emit("connected");
  }

  /** Inactive means that the server has answered: the session is over, or it is in trouble that may pass. */
  #notConnected({ message }) {
    const isOver = !this.#socket.active && message === SESSION_OVER;
    this.emit("disconnected", { refused: isOver });
    if (!this.#socket.active && !isOver) setTimeout(() => this.#socket.connect(), 1_000 + Math.random() * 4_000);
  }

  #disconnected(reason) {
    this.emit("disconnected", { refused: false });
    // The client library leaves this case to us: the server closes sockets that may have missed something.
    if (reason === CLOSED_BY_SERVER) setTimeout(() => this.#socket.connect(), 500 + Math.random() * 1_000);
  }
}

export const live = new Live();

addEventListener("online", () => live.hurry());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") live.hurry();
});
