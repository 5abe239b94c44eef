// <cop-suggest>: results while typing in the search field, as a combobox; Enter without a choice searches as usual.
//
//   <cop-suggest data-word-found-one="{n} suggestie" data-word-found-many="{n} suggesties" data-word-label="Suggesties">
//     <input type="search" name="q">
//   </cop-suggest>

import { counted, get, make, word } from "base/dom.js"
import { Titles } from "search/titles.js"
import { visit } from "vendor/turbo.js"

let lists = 0

class CopSuggest extends HTMLElement {
  #attached = new AbortController()
  #active = -1
  /** @type {HTMLInputElement} */
  #field = /** @type {any} */ (null)
  #list = make("ul", { class: "type-ahead", role: "listbox", hidden: true, "data-turbo-temporary": true })
  #status = make("p", { class: "hidden", role: "status", "data-turbo-temporary": true })
  #titles = new Titles("/api/v1/search/suggestions", (titles) => this.#show(titles))

  connectedCallback() {
    this.#attached = new AbortController()
    const { signal } = this.#attached
    this.#field = get(this, "input", HTMLInputElement)
    this.#list.id = `suggestions-${++lists}`
    this.#list.setAttribute("aria-label", word(this, "label"))
    this.append(this.#list, this.#status)
    this.#field.autocomplete = "off"
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.#list.id,
    })) {
      this.#field.setAttribute(name, value)
    }
    this.#field.addEventListener("input", () => this.#titles.look(this.#field.value), { signal })
    this.#field.addEventListener("keydown", (event) => this.#key(event), { signal })
    this.#field.addEventListener("blur", () => this.#close(), { signal })
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault(), { signal }) // keeps the focus
    this.#list.addEventListener("click", ({ target }) => this.#choose(target), { signal })
    const { value, defaultValue } = this.#field
    if (document.activeElement === this.#field && value !== defaultValue) this.#titles.look(value) // typed before this
  }

  disconnectedCallback() {
    this.#close()
    this.#attached.abort()
  }

  /** @param {import("search/titles.js").Title[]} titles */
  #show(titles) {
    if (!titles.length || document.activeElement !== this.#field) return this.#close()
    this.#active = -1
    this.#list.replaceChildren(
      ...titles.map(({ url, title, noun }, index) =>
        make(
          "li",
          { role: "option", id: `${this.#list.id}-${index}`, "aria-selected": "false", "data-url": url },
          make("span", {}, title),
          make("small", {}, noun),
        ),
      ),
    )
    this.#list.hidden = false
    this.#field.setAttribute("aria-expanded", "true")
    this.#field.removeAttribute("aria-activedescendant")
    this.#status.textContent = counted(this, "found", titles.length)
  }

  #close() {
    this.#titles.stop()
    this.#list.hidden = true
    this.#list.replaceChildren()
    this.#status.textContent = ""
    this.#active = -1
    this.#field.setAttribute("aria-expanded", "false")
    this.#field.removeAttribute("aria-activedescendant")
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.#list.hidden || event.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) this.#move(step)
    else if (event.key === "Enter" && this.#active >= 0) this.#choose(this.#list.children[this.#active] ?? null)
    else if (event.key === "Escape") this.#close()
    else return
    event.preventDefault()
  }

  /**
   * Move to the next or previous option; above the first and below the last is the field itself.
   * @param {number} step
   */
  #move(step) {
    const options = [...this.#list.children]
    const places = options.length + 1
    this.#active = ((this.#active + 1 + step + places) % places) - 1
    for (const [index, option] of options.entries()) {
      option.setAttribute("aria-selected", String(index === this.#active))
    }
    const active = options[this.#active]
    if (active) this.#field.setAttribute("aria-activedescendant", active.id)
    else this.#field.removeAttribute("aria-activedescendant")
    active?.scrollIntoView({ block: "nearest" })
  }

  /** @param {EventTarget | null} target */
  #choose(target) {
    const url = target instanceof Element && target.closest("[data-url]")?.getAttribute("data-url")
    if (!url) return
    this.#close()
    visit(url)
  }
}

customElements.define("cop-suggest", CopSuggest)
