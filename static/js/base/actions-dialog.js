// What can be done with a post or a message: the page about it, shown in a dialog over the one that is read.
import { fragmentOf, make, word } from "base/dom.js"
import { request } from "base/http.js"

/**
 * Fetch a page of actions and show it in the dialog; go to that page where this fails.
 * @param {HTMLDialogElement} dialog
 * @param {string} address
 */
export async function openActions(dialog, address) {
  const { text } = await request(address, { headers: { Accept: "text/html" } })
  if (!showActions(dialog, text)) location.assign(address)
}

/**
 * Show the actions of a page in the dialog; return false where the page has none.
 * @param {HTMLDialogElement} dialog its parent has data-word-close
 * @param {string} page
 */
export function showActions(dialog, page) {
  const actions = fragmentOf(page).querySelector("#acts")
  if (!actions || !dialog.parentElement) return false
  const close = make(
    "button",
    { class: "button button-quiet", "data-close": true },
    word(dialog.parentElement, "close"),
  )
  actions.append(close)
  dialog.replaceChildren(actions)
  if (!dialog.open) dialog.showModal()
  return true
}

/**
 * Whether a click is meant to close the dialog: on its button, or beside it.
 * @param {HTMLDialogElement} dialog
 * @param {Element} target
 */
export function closesDialog(dialog, target) {
  return target === dialog || Boolean(target.closest("dialog [data-close]"))
}
