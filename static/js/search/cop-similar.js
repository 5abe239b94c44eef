// <cop-similar>: threads like the title that is being typed, below the title of a new thread; a link without script. Who
// says that one of them answers the question sends no thread: the draft of it ends.
//
//   <cop-similar data-community="procesregie" data-word-head="Lijkt op:" data-word-tab="opent in een nieuw tabblad" …>
//     <a href="/communities/procesregie/similar">Is dit al gevraagd?</a>
//   </cop-similar>

import { counted, make, word } from "base/dom.js"
import { Titles } from "search/titles.js"

/** @typedef {import("search/titles.js").Title & { kind: string, place: string, helps: boolean, answers: string? }} Similar */

class CopSimilar extends HTMLElement {
  #attached = new AbortController()
  #list = make("div", { "data-turbo-temporary": true })
  #status = make("p", { class: "hidden", role: "status", "data-turbo-temporary": true })
  #form = make("form", { id: "answered", method: "post", hidden: true, "data-turbo-temporary": true })
  #titles = new Titles(`/api/v1/communities/${this.dataset.community}/similar`, (titles, typed) =>
    this.#show(/** @type {Similar[]} */ (titles), typed),
  )

  connectedCallback() {
    this.#attached = new AbortController()
    const { signal } = this.#attached
    const form = this.closest("form")
    const title = form?.elements.namedItem("title")
    if (!form || !(title instanceof HTMLInputElement)) return
    this.append(this.#list, this.#status)
    form.after(this.#form) // a form of its own: that of the thread must not be sent
    this.#form.addEventListener("turbo:submit-end", (event) => this.#end(/** @type {CustomEvent} */ (event)), {
      signal,
    })
    title.addEventListener("input", () => this.#titles.look(title.value), { signal })
    if (title.value) this.#titles.look(title.value)
  }

  disconnectedCallback() {
    this.#titles.stop()
    this.#attached.abort()
    for (const added of [this.#list, this.#status, this.#form]) added.remove()
    this.#list.replaceChildren()
    this.#status.textContent = ""
  }

  /**
   * A thread opens in another tab, so that what is being written stays where it is.
   * @param {Similar[]} titles
   * @param {string} typed
   */
  #show(titles, typed) {
    this.#form.replaceChildren(make("input", { type: "hidden", name: "title", value: typed }))
    const items = titles.map(({ url, title, kind, place, helps, answers }) => {
      const tab = make("span", { class: "hidden" }, ` (${word(this, "tab")})`)
      const what = [
        helps ? word(this, kind === "guidance" || kind === "card" ? "guidance" : "answered") : "",
        place,
      ].filter(Boolean)
      const item = make("li", {}, make("a", { href: url, target: "_blank", rel: "noopener" }, title, tab))
      if (what.length) item.append(" ", make("small", { class: "soft" }, what.join(" · ")))
      if (answers) item.append(" ", this.#button(answers, title))
      return item
    })
    this.#list.replaceChildren(...(items.length ? [make("p", {}, word(this, "head")), make("ul", {}, ...items)] : []))
    const said = items.length ? counted(this, "found", items.length) : ""
    if (this.#status.textContent !== said) this.#status.textContent = said
  }

  /**
   * @param {string} formaction
   * @param {string} title
   */
  #button(formaction, title) {
    const name = word(this, "answers")
    const asked = { form: "answered", formaction, "aria-label": `${name}: ${title}` }
    return make("button", { class: "button button-quiet", ...asked }, name)
  }

  /** @param {CustomEvent} event */
  #end({ detail }) {
    if (detail.success) this.dispatchEvent(new CustomEvent("cop:answered", { bubbles: true }))
  }
}

customElements.define("cop-similar", CopSimilar)
