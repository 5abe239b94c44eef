// <cop-filter>: narrows the list of buttons inside to those whose text contains what is typed in its search field.

import { get } from "base/dom.js"

class CopFilter extends HTMLElement {
  connectedCallback() {
    const field = get(this, "input[type=search]", HTMLInputElement)
    const groups = [...this.querySelectorAll("details")]
    const open = groups.map((group) => group.open)
    const filter = () => {
      const typed = field.value.trim().toLowerCase()
      for (const [index, group] of groups.entries()) {
        const buttons = [...group.querySelectorAll("button")]
        for (const button of buttons) button.hidden = !button.textContent?.toLowerCase().includes(typed)
        group.hidden = buttons.every((button) => button.hidden)
        group.open = typed ? !group.hidden : Boolean(open[index])
      }
    }
    field.addEventListener("input", filter)
    if (field.value) filter() // typed before this module was there
  }
}

customElements.define("cop-filter", CopFilter)
