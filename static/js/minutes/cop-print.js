// <cop-print>: a button that prints the page.

class CopPrint extends HTMLElement {
  connectedCallback() {
    this.hidden = false
    this.addEventListener("click", this.#print)
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#print)
  }

  #print = () => window.print()
}

customElements.define("cop-print", CopPrint)
