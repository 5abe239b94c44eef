// The parts of the page that take files, and what becomes of files that are offered (base/offered-files.js).
//
//   const stop = takeFiles({ zone: this, page: true, take: (files) => this.#list.add(files) })
//
// The innermost zone around the drop or the caret is asked first; what it leaves goes to the zone around it, then to
// the zone of the page (the newest with `page`), and then is refused in words. While files are dragged over the page,
// the zone that will be asked first has the class "is-over".

import { get, make, word } from "base/dom.js"

const SHOWN = 10_000

/**
 * A part of the page that takes files.
 * @typedef {object} FileTaker
 * @property {Element} zone
 * @property {boolean} [page] whether it also takes files that are offered outside all zones
 * @property {Element} [mark] the element that shows where files land; by default the zone
 * @property {(files: File[], event: DragEvent | ClipboardEvent) => Iterable<File> | void} take takes files; returns
 *   those that it leaves to others. It runs a moment after the event, so use its position but not its data.
 */

/** @type {Set<FileTaker>} */
const takers = new Set()
/** @type {Element | undefined} */
let marked

/**
 * Offer files to a zone from now on; return a function that ends it.
 * @param {FileTaker} taker
 */
export function takeFiles(taker) {
  takers.add(taker)
  return () => takers.delete(taker)
}

/**
 * Show which zone would be asked first for files that are dragged over `target`; none without one.
 * @param {EventTarget | null} [target]
 */
export function showOver(target) {
  const [first] = target ? takersAt(target) : []
  const element = first && (first.mark ?? first.zone)
  if (marked === element) return
  marked?.classList.remove("is-over")
  element?.classList.add("is-over")
  marked = element
}

/**
 * Offer files to the zones around where they were dropped or pasted, and say which nothing takes.
 * @param {File[]} files
 * @param {DragEvent | ClipboardEvent} event
 * @param {EventTarget | null} target of the event
 * @param {File[]} refused what no zone can take
 */
export function offer(files, event, target, refused) {
  let left = files
  for (const taker of takersAt(target, event.type === "paste")) {
    if (!left.length) break
    left = [...(taker.take(left, event) ?? [])]
  }
  if (left.length || refused.length) refuse([...left, ...refused])
}

/**
 * Return the takers for files that are offered at `target`, in the order in which they are asked.
 * @param {EventTarget | null} target
 * @param {boolean} [pasted] into a field outside all zones, files don't go to the zone of the page
 */
function takersAt(target, pasted = false) {
  const at = target instanceof Element ? target : document.body
  const modal = document.querySelector("dialog:modal")
  const all = [...takers].reverse().filter(({ zone }) => zone.isConnected && (!modal || modal.contains(zone)))
  const around = all.filter(({ zone }) => zone.contains(at)).sort((a, b) => (a.zone.contains(b.zone) ? 1 : -1))
  const ofPage = all.find((taker) => taker.page && !around.includes(taker))
  const inField = pasted && !around.length && at.matches("input, textarea, [contenteditable]")
  return ofPage && !inField ? [...around, ofPage] : around
}

/**
 * Say which files nothing takes.
 * @param {File[]} files
 */
function refuse(files) {
  document.querySelector(".files-refused")?.remove()
  const names = files.map(({ name }) => name).join(", ")
  const words = word(get(document, "#flash"), "files-refused", { names })
  const said = make("p", { class: "files-refused", role: "alert", "data-turbo-temporary": true })
  ;(document.querySelector("dialog:modal") ?? document.body).append(said)
  said.textContent = words // after it is in the page, so that it is read aloud
  setTimeout(() => said.remove(), SHOWN)
}
