// Requests to our own server.
import { fragmentOf } from "base/dom.js"

export const STREAM = "text/vnd.turbo-stream.html"

// The elements that a stream can change. The server sends a stream only to a page that has them, else a redirect.
const TARGETS = ["attendance", "attendance-count", "blocks", "day", "posts", "messages", "present", "rounds", "wall"]

/**
 * The headers that say which streams this page can take, and for whom it was made: the server stores nothing where
 * somebody else has signed in since.
 */
export function pageHeaders() {
  return { "X-Stream-Targets": TARGETS.filter((id) => document.getElementById(id)).join(" "), ...viewerHeader() }
}

/**
 * @param {string | null} [viewer] by default whom the page on the screen was made for
 * @returns {Record<string, string>}
 */
export function viewerHeader(viewer = document.querySelector("[data-viewer]")?.getAttribute("data-viewer")) {
  return viewer ? { "X-Viewer": viewer } : {}
}

const PATIENCE = 15_000 // a connection that is lost without a word would keep its request for minutes

/**
 * Make a request and read its text; there is no `response` where the server could not be reached in time.
 * @param {string} address
 * @param {RequestInit} options
 * @returns {Promise<{ response?: Response, text: string }>}
 */
export async function request(address, options) {
  try {
    const signal = AbortSignal.timeout(PATIENCE)
    const headers = { ...pageHeaders(), ...options.headers }
    const response = await fetch(address, { signal, ...options, headers })
    noteChange(options.method)
    return { response, text: await response.text() }
  } catch {
    return { text: "" }
  }
}

/**
 * Post the fields of a form and ask for a stream in return.
 * @param {HTMLFormElement} form
 * @param {string} [address]
 */
export function postForm(form, address = form.action) {
  return request(address, {
    method: "POST",
    headers: { Accept: `${STREAM}, text/html` },
    body: new URLSearchParams(/** @type {any} */ (new FormData(form))),
  })
}

/**
 * Send JSON; the request goes on when the page is left.
 * @param {string} method
 * @param {string} address
 * @param {object} [body]
 */
export async function sendJSON(method, address, body) {
  const response = await fetch(address, {
    method,
    keepalive: true,
    headers: { Accept: "application/json", ...viewerHeader(), ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
  })
  noteChange(method)
  return response
}

/**
 * Report that a request may have changed what pages show: app.js drops the pages that Back would show.
 * @param {string} [method]
 */
function noteChange(method = "GET") {
  if (method !== "GET") document.dispatchEvent(new CustomEvent("cop:changed"))
}

/**
 * Return what the first <template> of a stream holds.
 * @param {string} stream
 */
export function contentOf(stream) {
  return fragmentOf(stream).querySelector("template")?.content
}
