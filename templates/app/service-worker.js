/* What runs beside the pages: notifications while none is open, and a page to show without a connection.
   It keeps static files only, under addresses that bear their version; never a page of somebody's. */
const KEPT = "lumina-{{ version }}";
const OFFLINE = "/offline";
const SHELL = [OFFLINE, "{{ asset('css/lumina.css') }}", "{{ asset('js/offline.js') }}"];
const ICON = "{{ asset('icons/app-192.png') }}";

addEventListener("install", (event) => {
  event.waitUntil(keepShell().then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil(forget((name) => name !== KEPT).then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/v-")) event.respondWith(fromCache(request));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
});

addEventListener("push", (event) => {
  const message = event.data?.json();
  if (message) event.waitUntil(message.type === "read" ? takeAway(message) : show(message));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.url));
});

async function keepShell() {
  const cache = await caches.open(KEPT);
  await cache.addAll(SHELL.map((path) => new Request(path, { cache: "reload" })));
}

async function forget(isOld) {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("lumina-") && isOld(name)).map((name) => caches.delete(name)));
}

async function fromCache(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  // What a page of yesterday asks for is today's file: that is not to be kept.
  if (answer.ok && answer.headers.get("Cache-Control")?.includes("immutable")) {
    const copy = answer.clone();
    caches.open(KEPT).then((cache) => cache.put(request, copy));
  }
  return answer;
}

async function show({ tag, title, body, url, unread }) {
  await mark(unread);
  // Whoever looks at Lumina hears of it there.
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  if (pages.some((page) => page.focused)) return;
  await registration.showNotification(title, { tag, body, icon: ICON, badge: ICON, renotify: true, data: { url } });
}

async function takeAway({ tag, unread }) {
  await mark(unread);
  for (const shown of await registration.getNotifications({ tag })) shown.close();
}

async function mark(unread) {
  await navigator.setAppBadge?.(unread).catch(() => {});
}

async function open(url) {
  const [page] = await clients.matchAll({ type: "window", includeUncontrolled: true });
  if (!page) return clients.openWindow(url);
  page.postMessage({ type: "open", url });
  return page.focus();
}
