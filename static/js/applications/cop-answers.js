// <cop-answers>: saves each answer as it is typed, says whether it is saved, and counts words. What could not be sent
// stays in this browser until it can.

import { countWords } from "applications/words.js"
import { counted, get, word } from "base/dom.js"

const PATIENCE = 15_000 // a connection may be lost without a word
const PAUSE = 1200 // milliseconds without typing
const AGAIN = 10_000 // milliseconds until another attempt

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

class CopAnswers extends HTMLElement {
  /** @type {Set<HTMLElement>} */
  changed = new Set()
  /** @type {number | undefined} */
  timer
  sending = false

  connectedCallback() {
    this.form = get(this, "form", HTMLFormElement)
    this.state = get(this, ".save-state")
    const typed = this.questions().filter(isTyped) // before this script was there
    this.restore(typed)
    this.form.addEventListener("input", (event) => this.note(event.target, PAUSE))
    this.form.addEventListener("change", (event) => this.note(event.target, 0))
    this.form.addEventListener("turbo:submit-end", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.success) this.forget()
    })
    this.online = () => this.send()
    addEventListener("online", this.online)
    for (const field of this.form.querySelectorAll("[data-limit]")) this.count(field)
    for (const question of typed) this.note(question, PAUSE)
  }

  disconnectedCallback() {
    clearTimeout(this.timer)
    if (this.online) removeEventListener("online", this.online)
    this.send()
  }

  /**
   * Note that a field changed, and save its question after a pause.
   * @param {EventTarget | null} target
   * @param {number} pause
   */
  note(target, pause) {
    if (!(target instanceof Element)) return
    const question = target.closest("[data-block]")
    if (!(question instanceof HTMLElement)) return
    this.count(target)
    this.changed.add(question)
    this.keep(question)
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.send(), pause)
  }

  /** @param {Element} field */
  count(field) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) || !field.dataset.limit) return
    const shown = field.parentElement?.querySelector("[data-count]")
    if (!shown) return
    const n = countWords(field.value)
    const over = n - Number(field.dataset.limit)
    shown.textContent =
      over > 0 ? `${counted(this, "words", n)}, ${word(this, "over", { n: over })}` : counted(this, "words", n)
  }

  /** Send what changed, one question after the other. */
  async send() {
    if (this.sending) return
    this.sending = true
    clearTimeout(this.timer)
    try {
      for (const question of [...this.changed]) {
        this.changed.delete(question)
        if (!(await this.save(question))) {
          this.changed.add(question)
          this.timer = setTimeout(() => this.send(), AGAIN)
          return
        }
      }
    } finally {
      this.sending = false
    }
    if (this.changed.size) this.send()
  }

  /**
   * Save one question; false means that it should be sent again later.
   * @param {HTMLElement} question
   */
  async save(question) {
    const block = question.dataset.block ?? ""
    const sent = this.fields(question).toString()
    let response
    try {
      response = await fetch(this.dataset.address ?? "", {
        method: "POST",
        keepalive: true,
        headers: { Accept: "application/json" },
        body: new URLSearchParams(sent),
        signal: AbortSignal.timeout(PATIENCE),
      })
    } catch {
      this.say("offline", true)
      return false
    }
    if (response.status >= 500 || response.status === 429) {
      this.say("offline", true)
      return false
    }
    if (!response.ok) {
      const { errors = {} } = response.status === 422 ? await response.json() : {}
      const why = Object.values(errors).join(" ")
      this.say(response.status === 409 ? "closed" : why ? "wrong" : "refused", true, { why })
      return true
    }
    const { saved } = await response.json()
    const version = get(question, `[name="version-${block}"]`, HTMLInputElement)
    version.value = String(saved[block].version)
    if (sent === this.fields(question).toString() || !this.changed.has(question)) this.drop(block)
    this.say("saved", false)
    if (saved[block].by) this.say("other", true, { name: saved[block].by })
    return true
  }

  /**
   * Return the fields of a question, as its form would send them.
   * @param {HTMLElement} question
   */
  fields(question) {
    const fields = new URLSearchParams()
    for (const field of /** @type {NodeListOf<Field>} */ (question.querySelectorAll("[name]"))) {
      if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type) && !field.checked) continue
      fields.append(field.name, field.value)
    }
    return fields
  }

  /**
   * Say the state of saving; a failure is said at once.
   * @param {string} name
   * @param {boolean} failed
   * @param {Record<string, string>} [values]
   */
  say(name, failed, values = {}) {
    if (!this.state) return
    this.state.setAttribute("aria-live", failed ? "assertive" : "polite")
    this.state.toggleAttribute("data-failed", failed)
    this.state.textContent = word(this, name, values)
  }

  /** @param {string} block */
  key(block) {
    return `cop-draft:answers:${this.dataset.reference}:${block}`
  }

  /**
   * Keep a question in this browser until it is saved.
   * @param {HTMLElement} question
   */
  keep(question) {
    try {
      localStorage.setItem(this.key(question.dataset.block ?? ""), this.fields(question).toString())
    } catch {
      // a browser without storage: the text is in the page
    }
  }

  /** @param {string} block */
  drop(block) {
    try {
      localStorage.removeItem(this.key(block))
    } catch {
      // a browser without storage
    }
  }

  /** Drop what is kept of the questions here: the form is sent as a whole. */
  forget() {
    this.changed.clear()
    clearTimeout(this.timer)
    for (const question of this.questions()) this.drop(question.dataset.block ?? "")
  }

  /** @returns {HTMLElement[]} */
  questions() {
    return [...this.querySelectorAll("[data-block]")].filter((one) => one instanceof HTMLElement)
  }

  /**
   * Put back what an earlier page could not send, and send it; not where something else was typed already.
   * @param {HTMLElement[]} typed
   */
  restore(typed) {
    for (const question of this.questions()) {
      if (typed.includes(question)) continue
      let kept = null
      try {
        kept = localStorage.getItem(this.key(question.dataset.block ?? ""))
      } catch {
        return
      }
      if (kept !== null) this.fill(question, new URLSearchParams(kept))
    }
    if (this.changed.size) this.send()
  }

  /**
   * @param {HTMLElement} question
   * @param {URLSearchParams} kept
   */
  fill(question, kept) {
    for (const field of /** @type {NodeListOf<Field>} */ (question.querySelectorAll("[name^=answer-]"))) {
      const values = kept.getAll(field.name)
      if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)) {
        field.checked = values.includes(field.value)
      } else field.value = values[0] ?? ""
    }
    this.changed.add(question)
  }
}

/**
 * Return whether an answer to a question is another than the page came with.
 * @param {HTMLElement} question
 */
function isTyped(question) {
  return [.../** @type {NodeListOf<Field>} */ (question.querySelectorAll("[name^=answer-]"))].some((field) => {
    if (field instanceof HTMLSelectElement) {
      const before = [...field.options].findIndex((option) => option.defaultSelected)
      return field.selectedIndex !== Math.max(before, 0)
    }
    if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)) {
      return field.checked !== field.defaultChecked
    }
    return field.value !== field.defaultValue
  })
}

customElements.define("cop-answers", CopAnswers)
