// The shortcuts of every page: Ctrl+K and / go to search, ? shows the list that stands on the help page.
import { fragmentOf, make } from "base/dom.js"
import { request } from "base/http.js"
import { visit } from "vendor/turbo.js"

const HELP = "/help"

/** @param {string} key */
export function run(key) {
  if (key === "?") list()
  else search()
}

/** Focus the search field of the page; where none is shown, as on a phone, go to the page with one. */
function search() {
  const fields = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("#q, #search"))
  const shown = [...fields].find((field) => field.checkVisibility())
  if (!shown) return visit("/search")
  shown.focus()
  shown.select()
}

async function list() {
  const open = /** @type {HTMLDialogElement | null} */ (document.querySelector("#shortcuts-dialog"))
  if (open) return open.close()
  const { text } = await request(HELP, { headers: { Accept: "text/html" } })
  const shortcuts = fragmentOf(text).querySelector("#shortcuts")
  if (!shortcuts) return visit(`${HELP}#shortcuts`)
  const label = shortcuts.getAttribute("data-word-close") ?? ""
  const close = make("button", { class: "button button-secondary", type: "button" }, label)
  const dialog = make(
    "dialog",
    { id: "shortcuts-dialog", "aria-labelledby": "shortcuts-name", "data-turbo-temporary": true },
    make("div", {}, shortcuts, close),
  )
  close.addEventListener("click", () => dialog.close())
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close())
  dialog.addEventListener("close", () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
