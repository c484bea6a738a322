/**
 * What a device can do about notifications: "on", "off", "denied", "install" (only as an installed app) or "unsupported".
 */
export function pushState({ hasPush, permission, isSubscribed, isApple, isInstalled }) {
  if (!hasPush) return isApple && !isInstalled ? "install" : "unsupported";
  if (permission === "denied") return "denied";
  return permission === "granted" && isSubscribed ? "on" : "off";
}

/** A key as base64url, the way servers write it, from the bytes of a subscription's options. */
export function base64url(buffer) {
  const bytes = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
