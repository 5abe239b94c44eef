// People by name while typing: after "@an" a list shows who may be meant; choosing one writes "@Anna Jansen ".
// A mention is plain text: the server recognises the names when the text is stored.
//
//   <cop-mention data-people="/people/suggestions" data-word-people="Mensen" data-word-people-found="{n} mensen">
//     <textarea name="body"></textarea>
//   </cop-mention>
//
// A textarea may not have the role of combobox, so the field stays a text box that says which option is
// active, and the number of people found is told in a live region.

const TYPED = /(?:^|[\s(])@(\p{L}[\p{L}\p{M}.'’-]*(?: [\p{L}\p{M}.'’-]+){0,3})$/u
const LONGEST = 80
const PAUSE = 150

let lists = 0

/**
 * The list of people at a field.
 *
 * `host` carries data-people and the words, and holds the list. `field` is the adapter to what is written in:
 * `{element, before(), replace(length, text), place?(list)}`, where `before` gives the text up to the caret and
 * `replace` puts a text in the place of the last `length` characters before it. Whoever owns the field calls
 * `look()` after each change.
 */
export class Mention {
  #host
  #field
  #list = document.createElement("ul")
  #status = document.createElement("p")
  #people = []
  #active = 0
  #typed = ""
  #fruitless = null
  #timer
  #request
  #attached = new AbortController()

  constructor(host, field) {
    this.#host = host
    this.#field = field
    this.#list.id = `mention-${++lists}`
    this.#list.className = "type-ahead"
    this.#list.hidden = true
    this.#list.setAttribute("role", "listbox")
    this.#list.setAttribute("aria-label", host.dataset.wordPeople)
    this.#status.className = "hidden"
    this.#status.setAttribute("role", "status")
    for (const own of [this.#list, this.#status]) own.dataset.turboTemporary = "" // not in a page Turbo keeps
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

  /** Reads what stands before the caret and asks for people if it is the beginning of a name. */
  look() {
    const typed = TYPED.exec(this.#field.before().slice(-LONGEST))?.[1]
    if (typed === undefined) return this.close()
    if (this.#fruitless !== null && typed.startsWith(this.#fruitless)) return this.close()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#ask(typed), PAUSE)
  }

  /** Closes the list; what was typed stays as it is. */
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

  /** Takes the list away from the field. */
  detach() {
    this.close()
    this.#attached.abort()
    this.#list.remove()
    this.#status.remove()
    this.#field.element.removeAttribute("aria-autocomplete")
    this.#field.element.removeAttribute("aria-haspopup")
  }

  async #ask(typed) {
    this.#request?.abort()
    this.#request = new AbortController()
    const { signal } = this.#request
    const address = new URL(this.#host.dataset.people, document.baseURI)
    address.searchParams.set("q", typed)
    try {
      const answer = await fetch(address, { signal, headers: { Accept: "application/json" } })
      const { items } = answer.ok ? await answer.json() : { items: [] }
      if (!signal.aborted) this.#show(typed, items)
    } catch {
      this.close() // offline, or asked again meanwhile: a name can always be typed in full
    }
  }

  #show(typed, people) {
    if (!people.length) {
      this.#fruitless = typed
      return this.close()
    }
    this.#fruitless = null
    this.#typed = typed
    this.#people = people
    this.#list.replaceChildren(...people.map((person, index) => this.#option(person, index)))
    this.#list.hidden = false
    this.#field.place?.(this.#list)
    this.#field.element.setAttribute("aria-controls", this.#list.id)
    this.#status.textContent = (this.#host.dataset.wordPeopleFound ?? "").replace("{n}", people.length)
    this.#activate(0)
  }

  #option({ name, organisation }, index) {
    const option = document.createElement("li")
    option.id = `${this.#list.id}-${index}`
    option.setAttribute("role", "option")
    option.append(name)
    if (organisation) {
      const from = document.createElement("span")
      from.className = "soft"
      from.textContent = organisation
      option.append(" ", from)
    }
    return option
  }

  #activate(index) {
    this.#active = (index + this.#people.length) % this.#people.length
    for (const [at, option] of [...this.#list.children].entries()) {
      option.setAttribute("aria-selected", String(at === this.#active))
    }
    const option = this.#list.children[this.#active]
    option.scrollIntoView({ block: "nearest" })
    this.#field.element.setAttribute("aria-activedescendant", option.id)
  }

  #choose(index) {
    const { name } = this.#people[index]
    this.close()
    this.#fruitless = name // the words that follow are no longer the name
    this.#field.replace(this.#typed.length + 1, `@${name} `)
  }

  #key(event) {
    if (this.#list.hidden || event.isComposing || event.target !== this.#field.element) return
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

  #click(event) {
    const option = event.target.closest("[role=option]")
    if (option) this.#choose([...this.#list.children].indexOf(option))
  }
}

/** A textarea as the field of a Mention. */
function textareaField(textarea) {
  return {
    element: textarea,
    before: () => textarea.value.slice(0, textarea.selectionEnd),
    replace(length, text) {
      const end = textarea.selectionEnd
      textarea.setRangeText(text, end - length, end, "end")
      textarea.dispatchEvent(new Event("input", { bubbles: true }))
    },
  }
}

/** Mentions in the textarea inside it. */
class CopMention extends HTMLElement {
  #mention

  connectedCallback() {
    const textarea = this.querySelector("textarea")
    this.#mention = new Mention(this, textareaField(textarea))
    textarea.addEventListener("input", this.#look)
  }

  disconnectedCallback() {
    this.querySelector("textarea").removeEventListener("input", this.#look)
    this.#mention.detach()
  }

  #look = (event) => {
    if (!event.isComposing) this.#mention.look()
  }
}

customElements.define("cop-mention", CopMention)
