import { signIn } from "../page.js";

/** The session is over: says so, and leads to the sign-in and back when the viewer wants to. */
export function askToSignIn() {
  const banner = document.querySelector(".banner[data-signed-out]");
  if (!banner) {
    signIn();
    return;
  }
  if (!banner.hidden) return;
  banner.hidden = false;
  banner.querySelector("button").addEventListener("click", signIn);
}
