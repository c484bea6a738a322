import { live } from "../socket.js";

const PATIENCE = 5_000;
let timer = null;

/** After five seconds without a connection a quiet line says so; nothing at all where the server refused. */
export function watchConnection() {
  live.addEventListener("connected", () => show(false));
  live.addEventListener("disconnected", ({ detail }) => (detail.refused ? show(false) : expectBack()));
  expectBack();
}

function expectBack() {
  timer ??= setTimeout(() => show(true), PATIENCE);
}

function show(isOffline) {
  if (!isOffline) {
    clearTimeout(timer);
    timer = null;
  }
  document.documentElement.toggleAttribute("data-offline", isOffline);
  for (const banner of document.querySelectorAll(".banner[data-offline]")) banner.hidden = !isOffline;
}
