// <cop-copy>: a link whose button copies its full address.
import { get, word } from "base/dom.js"

class CopCopy extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#copy)
  }

  /** @param {MouseEvent} event */
  #copy = async (event) => {
    const link = /** @type {Element} */ (event.target).closest("a")
    if (!link) return
    event.preventDefault()
    await navigator.clipboard.writeText(link.href)
    get(this, "[role=status]").textContent = word(this, "copied")
  }
}

customElements.define("cop-copy", CopCopy)
