// Files that are dropped or pasted anywhere on the page: a zone takes them, or the page says that nothing does. The
// browser never leaves the page to open one.
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
/** @type {() => Promise<unknown>} */
let loadTakers = async () => {}

/**
 * Offer files to a zone from now on; return a function that ends it.
 * @param {FileTaker} taker
 */
export function takeFiles(taker) {
  takers.add(taker)
  return () => takers.delete(taker)
}

/**
 * Return whether what is dragged or pasted is files. An office program sends a picture of a text along with the text;
 * a file manager sends the names of the files.
 * @param {DataTransfer | null} data
 */
export function hasFiles(data) {
  if (!data?.types.includes("Files")) return false
  const lines = data.getData("text/plain").split(/[\r\n]+/)
  const names = [...data.files].map(({ name }) => name)
  return lines.every((line) => !line.trim() || names.some((name) => line.trim().endsWith(name)))
}

/**
 * Take what people drop or paste on this page.
 * @param {() => Promise<unknown>} load loads the modules of all zones of the page
 */
export function watchOfferedFiles(load) {
  loadTakers = load
  document.addEventListener("dragenter", ({ dataTransfer }) => dataTransfer?.types.includes("Files") && load())
  document.addEventListener("dragover", over)
  document.addEventListener("dragleave", ({ relatedTarget }) => relatedTarget || showOver())
  document.addEventListener("drop", drop)
  document.addEventListener("paste", paste)
}

/** @param {EventTarget | null} target */
const isChooser = (target) => target instanceof Element && target.matches("input[type=file]")

/** @param {DragEvent} event */
function over(event) {
  if (!event.dataTransfer?.types.includes("Files") || isChooser(event.target)) return showOver()
  event.preventDefault()
  event.dataTransfer.dropEffect = "copy" // also where nothing takes it, or no drop would follow to be refused in words
  const [first] = takersAt(event.target)
  showOver(first && (first.mark ?? first.zone))
}

/** @param {Element} [element] */
function showOver(element) {
  if (marked === element) return
  marked?.classList.remove("is-over")
  element?.classList.add("is-over")
  marked = element
}

/** @param {DragEvent} event */
function drop(event) {
  showOver()
  if (event.defaultPrevented || isChooser(event.target) || !event.dataTransfer?.types.includes("Files")) return
  event.preventDefault()
  const folders = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()?.isDirectory)
  const files = [...event.dataTransfer.files]
  const inside = files.filter((_file, n) => !folders[n])
  offer(inside, event, files.length > inside.length ? files.filter((_file, n) => folders[n]) : [])
}

/** @param {ClipboardEvent} event */
function paste(event) {
  if (event.defaultPrevented || !hasFiles(event.clipboardData)) return
  event.preventDefault()
  offer([...(event.clipboardData?.files ?? [])], event)
}

/**
 * @param {File[]} files
 * @param {DragEvent | ClipboardEvent} event
 * @param {File[]} [refused] what no zone can take
 */
async function offer(files, event, refused = []) {
  const { target } = event
  await loadTakers()
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
export function refuse(files) {
  document.querySelector(".files-refused")?.remove()
  const names = files.map(({ name }) => name).join(", ")
  const words = word(get(document, "#flash"), "files-refused", { names })
  const said = make("p", { class: "files-refused", role: "alert", "data-turbo-temporary": true })
  ;(document.querySelector("dialog:modal") ?? document.body).append(said)
  said.textContent = words // after it is in the page, so that it is read aloud
  setTimeout(() => said.remove(), SHOWN)
}
