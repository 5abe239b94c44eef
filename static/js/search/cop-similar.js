// <cop-similar>: threads of the community like the title that is being typed, below the title of a new thread.
//
//   <cop-similar data-community="procesregie" data-word-head="Lijkt op:" data-word-tab="opent in een nieuw tabblad">
//   </cop-similar>

import { make, word } from "base/dom.js"
import { Titles } from "search/titles.js"

class CopSimilar extends HTMLElement {
  #attached = new AbortController()
  #titles = new Titles(`/api/v1/communities/${this.dataset.community}/similar`, (titles) => this.#show(titles))

  connectedCallback() {
    this.#attached = new AbortController()
    this.setAttribute("role", "status")
    const title = this.closest("form")?.elements.namedItem("title")
    if (!(title instanceof HTMLInputElement)) return
    title.addEventListener("input", () => this.#titles.look(title.value), { signal: this.#attached.signal })
    if (title.value) this.#titles.look(title.value)
  }

  disconnectedCallback() {
    this.#titles.stop()
    this.#attached.abort()
    this.replaceChildren()
  }

  /**
   * A thread opens in another tab, so that what is being written stays where it is.
   * @param {import("search/titles.js").Title[]} titles
   */
  #show(titles) {
    const links = titles.map(({ url, title }) => {
      const tab = make("span", { class: "hidden" }, ` (${word(this, "tab")})`)
      return make("li", {}, make("a", { href: url, target: "_blank", rel: "noopener" }, title, tab))
    })
    this.replaceChildren(...(links.length ? [make("p", {}, word(this, "head")), make("ul", {}, ...links)] : []))
  }
}

customElements.define("cop-similar", CopSimilar)
