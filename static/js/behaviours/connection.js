import { live } from "../socket.js";
import { askToSignIn } from "./signed-out.js";

const PATIENCE = 5_000;
let timer = null;

/** After five seconds without a connection a quiet line says so; where the server refused, that one is signed out. */
export function watchConnection() {
  live.addEventListener("connected", () => show(false));
  live.addEventListener("disconnected", ({ detail }) => (detail.refused ? refused() : expectBack()));
  expectBack();
}

/** The session is over: nothing comes back by itself. */
function refused() {
  show(false);
  askToSignIn();
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
