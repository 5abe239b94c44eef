// The worker of every page: when a visit gets no answer, the page that says so is shown instead of the browser's own.
//
// The server puts KEPT before this: the page, the files it shows, and a name that changes with any of them. Nothing
// else is ever kept, so that a browser holds nothing of who was signed in.

addEventListener("install", (event) => event.waitUntil(keep()))
addEventListener("activate", (event) => event.waitUntil(takeOver()))
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request
  if (mode === "navigate" && method === "GET") event.respondWith(visit(event))
  else if (KEPT.files.includes(new URL(url).pathname)) event.respondWith(kept(url))
})

async function keep() {
  const cache = await caches.open(KEPT.name)
  await cache.addAll([new Request(KEPT.page, { cache: "reload" }), ...KEPT.files])
  await skipWaiting()
}

async function takeOver() {
  for (const name of await caches.keys()) if (name !== KEPT.name) await caches.delete(name)
  await registration.navigationPreload?.enable() // a visit does not wait until the worker is awake
}

async function visit(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request))
  } catch {
    return kept(KEPT.page)
  }
}

async function kept(address) {
  return (await caches.match(address, { ignoreVary: true })) ?? fetch(address)
}
