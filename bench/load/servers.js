import { spawn } from "node:child_process";
import { cpSync, existsSync, openSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { sleep } from "./pace.js";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const PYTHON = join(PROJECT, ".venv/bin/python");
const running = new Set();

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function answers(url) {
  try {
    return (await fetch(`${url}/healthz`)).ok;
  } catch {
    return false;
  }
}

/** Starts a Python server on `cores` and waits until it answers. Its output goes to `log`. */
async function launch(name, script, { cores, log, port, env }) {
  const output = openSync(log, "a");
  const clean = { PATH: process.env.PATH, HOME: process.env.HOME, LANG: "C.UTF-8", ...env };
  const process_ = spawn("taskset", ["-c", cores, PYTHON, ...script], { cwd: PROJECT, env: clean, stdio: ["ignore", output, output] });
  const server = { name, url: `http://127.0.0.1:${port}`, pid: process_.pid, process: process_ };
  running.add(server);
  for (let tries = 0; !(await answers(server.url)); tries++) {
    if (process_.exitCode !== null || tries > 300) throw new Error(`${name} did not start; see ${log}`);
    await sleep(100);
  }
  return server;
}

/** Lumina as it is served, with its rate limits lifted, on the SQLite database in `instance`. */
export async function launchLumina(instance, cores, log) {
  const port = await freePort();
  const env = {
    LUMINA_ENV: "development",
    LUMINA_INSTANCE: instance,
    LUMINA_DEMO: "0",
    RATELIMIT_ENABLED: "0",
    HOST: "127.0.0.1",
    PORT: String(port),
  };
  return launch("lumina", ["wsgi.py"], { cores, log, port, env });
}

/** The echo server on the bare stack. */
export async function launchEcho(cores, log) {
  const port = await freePort();
  return launch("echo", ["bench/echo.py", String(port)], { cores, log, port, env: {} });
}

export async function stop(server) {
  running.delete(server);
  if (server.process.exitCode !== null) return;
  const ended = new Promise((resolve) => server.process.once("exit", resolve));
  server.process.kill("SIGTERM");
  const killer = setTimeout(() => server.process.kill("SIGKILL"), 12_000);
  await ended;
  clearTimeout(killer);
}

/** For the way out, whatever happened. */
export function stopAll() {
  for (const server of running) server.process.kill("SIGKILL");
}

/** Copies an instance folder of a stopped server. */
export function copyInstance(from, to) {
  if (existsSync(from)) cpSync(from, to, { recursive: true });
}
