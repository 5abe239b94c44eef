// <cop-attendance>: narrows the list of a meeting's day to who matches what is typed in its search field.

import { get } from "base/dom.js"

class CopAttendance extends HTMLElement {
  connectedCallback() {
    const field = get(this, "input[type=search]", HTMLInputElement)
    field.addEventListener("input", () => this.#narrow(field.value))
  }

  /** @param {string} typed */
  #narrow(typed) {
    const words = typed.trim().toLowerCase()
    /** @type {NodeListOf<HTMLElement>} */
    const rows = this.querySelectorAll("li[id]")
    for (const row of rows) {
      const said = [...row.querySelectorAll("bdi")].map((part) => part.textContent?.toLowerCase() ?? "")
      row.hidden = !said.some((part) => part.includes(words))
    }
  }
}

customElements.define("cop-attendance", CopAttendance)
