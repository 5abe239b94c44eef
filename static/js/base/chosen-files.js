// The names of the files in a file input, in the language of the page: the browser would say them in its own.
import { word } from "base/dom.js"

/**
 * Show what is chosen in a file input that changed, or in those of a form that was emptied.
 * @param {Element} target
 * @param {string} type of the event
 */
export function showChosen(target, type) {
  const fields = type === "reset" ? target.querySelectorAll(".file-input") : [target.closest(".file-input")]
  for (const field of fields) if (field) show(field)
}

/** @param {Element} field */
function show(field) {
  const files = field.querySelector("input")?.files ?? []
  const said = field.querySelector("output")
  if (!said) return
  if (files.length > 1) said.textContent = word(field, "many", { n: files.length })
  else said.textContent = files[0]?.name ?? word(field, "none")
}
