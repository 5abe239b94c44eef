// Starts every page: the trusted-types policy first, then Turbo, then the custom elements of the page.
import "base/trusted.js" // before anything else
import { pageHeaders } from "base/http.js"
import { watchOfferedFiles } from "base/offered-files.js"
import { placeAll } from "base/place.js"
import { WORKER } from "base/trusted.js"
import * as Turbo from "vendor/turbo.js"

const MODULES = Object.entries({
  "cop-answers": "applications/cop-answers.js",
  "cop-asked": "threads/cop-asked.js",
  "cop-attendance": "attendance/cop-attendance.js",
  "cop-block": "minutes/cop-block.js",
  "cop-chat": "chat/cop-chat.js",
  "cop-composer": "threads/cop-composer.js",
  "cop-copy": "base/cop-copy.js",
  "cop-day": "attendance/cop-day.js",
  "cop-editor": "base/editor.js",
  "cop-filter": "people/cop-filter.js",
  "cop-mention": "base/mention.js",
  "cop-minutes": "minutes/cop-minutes.js",
  "cop-notices": "notices/cop-notices.js",
  "cop-rounds": "meeting_rooms/cop-rounds.js",
  "cop-similar": "search/cop-similar.js",
  "cop-suggest": "search/cop-suggest.js",
  "cop-thread": "threads/cop-thread.js",
  "cop-upload": "documents/cop-upload.js",
})
// In a form these help with writing only: they are fetched when the reader comes to the form around them.
const HELPERS = [
  "cop-mention, cop-similar, cop-suggest, cop-upload[draft]:not(:has(.attachment))",
  "cop-composer:not(:has(> form:is([data-revision], [data-refused]))), cop-editor:not([data-html])",
].join()

/**
 * Fetch the modules of the custom elements in `root`, itself included.
 * @param {Document | Element} root
 * @param {string} [which] a selector that they match besides
 */
function fetchModules(root, which = "") {
  const wanted = MODULES.filter(([tag]) => {
    const selector = `${tag}:not(:defined)${which}`
    return root.querySelector(selector) || ("matches" in root && root.matches(selector))
  })
  return wanted.map(([, module]) => import(module))
}

/** Fetch the modules of the custom elements in the page. */
function define() {
  fetchModules(document, `:not(${HELPERS})`)
  if (hasDraft()) import("threads/cop-composer.js")
  defineHelpers(document.activeElement)
}

/** Return whether this browser keeps a draft of a composer in the page. */
function hasDraft() {
  /** @type {NodeListOf<HTMLElement>} */
  const composers = document.querySelectorAll("cop-composer:not(:defined)")
  const places = [...composers].map(({ dataset }) => `:${dataset.place}:`)
  try {
    return Object.keys(localStorage).some((key) => places.some((place) => key.includes(place)))
  } catch {
    return false // a browser without storage
  }
}

/**
 * Fetch the modules of the helpers in the form around `target`.
 * @param {EventTarget | null} target
 */
function defineHelpers(target) {
  const form = target instanceof Element && (target.closest("cop-composer") ?? target.closest("form"))
  // Without a connection the next event tries again; what the helpers do needs one too.
  if (form) Promise.allSettled(fetchModules(form))
}

Turbo.config.drive.progressBarDelay = 300
Turbo.StreamActions.place = function () {
  for (const target of this.targetElements) placeAll(target, this.templateContent)
}
Turbo.StreamActions.visit = function () {
  const to = new URL(this.dataset.to ?? "/", location.href)
  const here = to.pathname + to.search === location.pathname + location.search
  Turbo.visit(to.href, { action: here ? "replace" : "advance" }) // advance to the same page would only scroll
}
document.addEventListener("turbo:before-fetch-request", ({ detail }) => {
  Object.assign(detail.fetchOptions.headers, pageHeaders())
})
// Back shows no page from before a change: not those that Turbo keeps, nor one that the browser kept alive.
document.addEventListener("cop:changed", () => Turbo.cache.clear())
window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload())
// Signing out clears the snapshots that Turbo keeps and the drafts in this browser.
document.addEventListener("submit", ({ target }) => {
  if (!(target instanceof Element && target.matches('[action^="/sign-out"]'))) return
  Turbo.cache.clear()
  for (const key of Object.keys(localStorage)) if (key.startsWith("cop-draft:")) localStorage.removeItem(key)
})
// Where a browser refuses a worker, its own offline page is shown.
navigator.serviceWorker?.register(WORKER).catch(() => {})
for (const event of ["focusin", "pointerover", "dragenter", "change"]) {
  document.addEventListener(event, ({ target }) => defineHelpers(target))
}
// An editor that is fetched while a text is composed with an input method waits for it.
for (const type of ["compositionstart", "compositionend"]) {
  document.addEventListener(type, ({ target }) => {
    if (target instanceof HTMLTextAreaElement) target.toggleAttribute("data-composing", type === "compositionstart")
  })
}
document.addEventListener("click", (event) => {
  const picture = event.target instanceof Element && event.target.closest("a.picture")
  if (!picture || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  const link = /** @type {HTMLAnchorElement} */ (picture)
  import("base/pictures.js").then(({ openLarge }) => openLarge(link)).catch(() => Turbo.visit(link.href))
})
for (const type of ["change", "reset"]) {
  document.addEventListener(type, (event) => {
    const { target } = event
    if (!(target instanceof Element && (target.closest(".file-input") || target.querySelector(".file-input")))) return
    import("base/chosen-files.js").then(({ showChosen }) => showChosen(target, type)).catch(() => {})
  })
}
watchOfferedFiles(() => Promise.allSettled(fetchModules(document)))
// A menu closes when the reader goes on elsewhere, or by Escape.
document.addEventListener("click", ({ target }) => {
  const link = target instanceof Element && target.closest("a[href^='#']") // as from an error to its field
  const goesTo = link && document.getElementById(link.getAttribute("href")?.slice(1) ?? "")
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    const stays = (target instanceof Node && menu.contains(target)) || (goesTo && menu.contains(goesTo))
    if (!stays) menu.removeAttribute("open")
  }
})
document.addEventListener("keydown", ({ key, target }) => {
  if (key !== "Escape") return
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.removeAttribute("open")
    if (target instanceof Node && menu.contains(target)) menu.querySelector("summary")?.focus()
  }
})
// As in a composer that is there: Enter in the title goes on to the text.
document.addEventListener("keydown", (event) => {
  const { key, target } = event
  if (key !== "Enter" || !(target instanceof HTMLInputElement && target.name === "title")) return
  const text = target.closest("cop-composer:not(:defined)")?.querySelector("textarea")
  if (!text) return
  event.preventDefault()
  text.focus()
})
document.addEventListener("keydown", (event) => {
  const { key, target } = event
  const search = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && key.toLowerCase() === "k"
  const writing =
    target instanceof Element && target.closest("input, textarea, select, dialog[open], [contenteditable]")
  const plain = !writing && !event.ctrlKey && !event.metaKey && !event.altKey && (key === "/" || key === "?")
  if (event.defaultPrevented || !(search || plain) || !document.querySelector("cop-notices")) return // signed out
  event.preventDefault()
  import("search/shortcuts.js").then(({ run }) => run(key)).catch(() => {})
})
document.addEventListener("turbo:load", define)
document.addEventListener("turbo:render", define)
define()
