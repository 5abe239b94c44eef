// People by name while typing: after "@an" a list shows the people it may mean; choosing one writes a mention of them.
// In a textarea that is "@Anna Jansen ", or "@[Anna Jansen](person:57) " where others have that name; in the editor it
// is a link to the person.
//
//   <cop-mention data-people="/people/suggestions" data-word-people="Mensen" data-word-people-found="{n} mensen">
//     <textarea name="body"></textarea>
//   </cop-mention>
//
// A textarea may not have the role of combobox, so the field stays a text box that names the active option, and a
// live region says how many people were found.

import { get, make, word } from "base/dom.js"
import { MentionQuery } from "base/mention-query.js"

const PAUSE = 150

let lists = 0

/**
 * What a mention is written in.
 * @typedef {object} MentionField
 * @property {HTMLElement} element
 * @property {() => string} before gives the text up to the caret
 * @property {(length: number, person: Person) => void} replace puts a mention in the place of the last characters before it
 * @property {(list: HTMLElement) => void} [place] puts the list where the caret is
 */

/** @typedef {{ id: number, name: string, function?: string, organisation?: string, mention?: string }} Person */

/** The list of people at a field. The owner of the field calls `look()` after each change. */
export class Mention {
  #host
  #field
  #list
  #status = make("p", { class: "hidden", role: "status", "data-turbo-temporary": true }) // not in a page Turbo keeps
  /** @type {Person[]} */
  #people = []
  #active = 0
  #typed = ""
  #query = new MentionQuery()
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer
  /** @type {AbortController | undefined} */
  #request
  #attached = new AbortController()

  /**
   * @param {HTMLElement} host has data-people and the words, and holds the list
   * @param {MentionField} field
   */
  constructor(host, field) {
    this.#host = host
    this.#field = field
    this.#list = make("ul", {
      id: `mention-${++lists}`,
      class: "type-ahead",
      hidden: true,
      role: "listbox",
      "aria-label": word(host, "people"),
      "data-turbo-temporary": true,
    })
    field.element.setAttribute("aria-autocomplete", "list")
    field.element.setAttribute("aria-haspopup", "listbox")
    host.append(this.#list, this.#status)

    const { signal } = this.#attached
    // Before the field's own handlers, where Enter sends a message and Tab goes to the next cell.
    host.addEventListener("keydown", (event) => this.#key(event), { signal, capture: true })
    field.element.addEventListener("blur", () => this.close(), { signal })
    window.addEventListener("resize", () => this.#list.hidden || field.place?.(this.#list), { signal })
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault(), { signal })
    this.#list.addEventListener("click", (event) => this.#click(event), { signal })
  }

  /** Read the text before the caret, and ask for people if it ends in the beginning of a name. */
  look() {
    const name = this.#query.next(this.#field.before())
    if (name === undefined) return this.close()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#ask(name), PAUSE)
  }

  /** Close the list; the text stays as it is. */
  close() {
    clearTimeout(this.#timer)
    this.#request?.abort()
    if (this.#list.hidden) return
    this.#list.hidden = true
    this.#list.replaceChildren()
    this.#status.textContent = ""
    this.#field.element.removeAttribute("aria-controls")
    this.#field.element.removeAttribute("aria-activedescendant")
  }

  /** Take the list away from the field. */
  detach() {
    this.close()
    this.#attached.abort()
    this.#list.remove()
    this.#status.remove()
    this.#field.element.removeAttribute("aria-autocomplete")
    this.#field.element.removeAttribute("aria-haspopup")
  }

  /** @param {string} typed */
  async #ask(typed) {
    this.#request?.abort()
    this.#request = new AbortController()
    const { signal } = this.#request
    const address = new URL(this.#host.dataset.people ?? "", document.baseURI)
    address.searchParams.set("q", typed)
    try {
      const response = await fetch(address, { signal, headers: { Accept: "application/json" } })
      const { items } = response.ok ? await response.json() : { items: [] }
      if (!signal.aborted) this.#show(typed, items)
    } catch {
      this.close() // offline, or asked again meanwhile: a name can always be typed in full
    }
  }

  /**
   * @param {string} typed
   * @param {Person[]} people
   */
  #show(typed, people) {
    this.#query.answered(typed, people.length > 0)
    if (!people.length) return this.close()
    this.#typed = typed
    this.#people = people
    this.#list.replaceChildren(...people.map((person, index) => this.#option(person, index)))
    this.#list.hidden = false
    this.#field.place?.(this.#list)
    this.#field.element.setAttribute("aria-controls", this.#list.id)
    this.#status.textContent = word(this.#host, "people-found", { n: people.length })
    this.#activate(0)
  }

  /**
   * @param {Person} person
   * @param {number} index
   */
  #option({ name, function: job, organisation }, index) {
    const option = make("li", { id: `${this.#list.id}-${index}`, role: "option" }, make("bdi", {}, name))
    const about = [job, organisation].filter(Boolean).join(", ")
    if (about) option.append(" ", make("span", { class: "soft" }, about))
    return option
  }

  /** @param {number} index */
  #activate(index) {
    this.#active = (index + this.#people.length) % this.#people.length
    for (const [at, option] of [...this.#list.children].entries()) {
      option.setAttribute("aria-selected", String(at === this.#active))
    }
    const option = this.#list.children[this.#active]
    option.scrollIntoView({ block: "nearest" })
    this.#field.element.setAttribute("aria-activedescendant", option.id)
  }

  /** @param {number} index */
  #choose(index) {
    const person = this.#people[index]
    this.close()
    this.#query.chosen(person.name)
    this.#field.replace(this.#typed.length + 1, person)
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.#list.hidden || event.isComposing || event.target !== this.#field.element) return
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowDown: () => this.#activate(this.#active + 1),
      ArrowUp: () => this.#activate(this.#active - 1),
      Enter: () => this.#choose(this.#active),
      Tab: () => this.#choose(this.#active),
      Escape: () => this.close(),
    }
    if (Object.hasOwn(keys, event.key) && !event.shiftKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      event.stopPropagation()
      keys[event.key]()
    } else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
      this.close()
    }
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const option = /** @type {Element} */ (event.target).closest("[role=option]")
    if (option) this.#choose([...this.#list.children].indexOf(option))
  }
}

/**
 * Return a textarea as the field of a Mention.
 * @param {HTMLTextAreaElement} textarea
 * @returns {MentionField}
 */
function textareaField(textarea) {
  return {
    element: textarea,
    before: () => textarea.value.slice(0, textarea.selectionEnd),
    replace(length, { name, mention = `@${name}` }) {
      const end = textarea.selectionEnd
      textarea.setRangeText(`${mention} `, end - length, end, "end")
      textarea.dispatchEvent(new Event("input", { bubbles: true }))
    },
  }
}

/** Mentions in the textarea inside the element. */
class CopMention extends HTMLElement {
  /** @type {Mention | undefined} */
  #mention

  connectedCallback() {
    const textarea = get(this, "textarea", HTMLTextAreaElement)
    this.#mention = new Mention(this, textareaField(textarea))
    textarea.addEventListener("input", this.#look)
    if (document.activeElement === textarea) this.#mention.look() // typed before this module was there
  }

  disconnectedCallback() {
    get(this, "textarea").removeEventListener("input", this.#look)
    this.#mention?.detach()
  }

  /** @param {Event} event */
  #look = (event) => {
    if (!(/** @type {InputEvent} */ (event).isComposing)) this.#mention?.look()
  }
}

customElements.define("cop-mention", CopMention)
