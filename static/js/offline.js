// The service worker of every page: where the server can't be reached, our offline page is shown, not the browser's.
//
// The server puts KEPT before this: the page, the files it shows, and a name that changes with any of them. Nothing
// else is kept, so that the browser holds nothing of a person who was signed in.

addEventListener("install", (event) => event.waitUntil(fill()))
addEventListener("activate", (event) => event.waitUntil(takeOver()))
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request
  if (mode === "navigate" && method === "GET") event.respondWith(visit(event))
  else if (KEPT.files.includes(new URL(url).pathname)) event.respondWith(fromCache(url))
})

/** Fill the cache with the offline page and its files. */
async function fill() {
  const cache = await caches.open(KEPT.name)
  await cache.addAll([new Request(KEPT.page, { cache: "reload" }), ...KEPT.files])
  await skipWaiting()
}

/** Drop the caches of earlier versions. */
async function takeOver() {
  for (const name of await caches.keys()) if (name !== KEPT.name) await caches.delete(name)
  await registration.navigationPreload?.enable() // a visit does not wait until the worker has started
}

/**
 * Return the page from the server, or the offline page where it can't be reached.
 * @param {FetchEvent} event
 */
async function visit(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request))
  } catch {
    return fromCache(KEPT.page)
  }
}

/** @param {string} address */
async function fromCache(address) {
  return (await caches.match(address, { ignoreVary: true })) ?? fetch(address)
}
