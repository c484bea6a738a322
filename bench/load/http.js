import { Agent, request } from "node:http";

/** HTTP over at most `connections` kept-alive connections to one server. */
export class Http {
  #agent;

  constructor(base, connections) {
    this.base = base;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Resolves to {status, headers, body}; body is a Buffer. What is sent is `json`, `form`, or `body` as {type, content}. */
  call(method, path, { token, json, form, body: ready, cookie } = {}) {
    const headers = {};
    let body;
    if (token) headers.authorization = `Bearer ${token}`;
    if (cookie) headers.cookie = cookie;
    if (json) [body, headers["content-type"]] = [JSON.stringify(json), "application/json"];
    if (form) [body, headers["content-type"]] = [String(new URLSearchParams(form)), "application/x-www-form-urlencoded"];
    if (ready) [body, headers["content-type"]] = [ready.content, ready.type];
    if (body) headers["content-length"] = Buffer.byteLength(body);
    return new Promise((resolve, reject) => {
      const call = request(new URL(path, this.base), { method, headers, agent: this.#agent }, (answer) => {
        const chunks = [];
        answer.on("data", (chunk) => chunks.push(chunk));
        answer.on("end", () => {
          resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) });
        });
        answer.on("error", reject);
      });
      call.on("error", reject);
      call.end(body);
    });
  }

  /** The `data` of a successful API answer; anything else is thrown. */
  async data(method, path, options) {
    const { status, body } = await this.call(method, path, options);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${body.toString().slice(0, 300)}`);
    return JSON.parse(body).data;
  }

  close() {
    this.#agent.destroy();
  }
}
