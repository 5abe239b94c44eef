// The toolbar: one stop for Tab, arrow keys within it, Escape back to the text.

import { make } from "base/dom.js"
import { GROUPS } from "base/editor/buttons.js"
import { icon } from "base/editor/icons.js"
import { closeHistory } from "vendor/editor.js"

/** @typedef {import("base/editor/buttons.js").Button} Button */
/** @typedef {{ action: Button, button: HTMLButtonElement }} Item */

/**
 * Make a command a step of its own for undo, apart from the text that was typed before it.
 * @param {{ tr: unknown }} state
 */
const asOwnStep = ({ tr }) => Boolean(closeHistory(tr))

export class Toolbar {
  #surface
  #groups
  #waiting = false

  /** @param {import("base/editor/surface.js").Surface} surface */
  constructor(surface) {
    this.#surface = surface
    this.root = make("div", {
      class: "editor-toolbar",
      role: "toolbar",
      "aria-label": surface.word("toolbar"),
    })
    this.#groups = GROUPS.map((group) => this.#group(group)).filter(({ items }) => items.length)
    this.root.append(...this.#groups.map(({ element }) => element))
    this.root.addEventListener("keydown", (event) => this.#key(event))
    // A click leaves the selection in the text; the command is about that.
    this.root.addEventListener("pointerdown", (event) => event.preventDefault())
    this.#rove(this.#shown[0])
  }

  /** Move the focus to the button that Tab would reach. */
  focus() {
    this.root.querySelector(/** @type {"button"} */ ("[tabindex='0']"))?.focus()
  }

  /** Show what applies to the selection, once for all the changes of one frame. */
  refresh() {
    if (this.#waiting) return
    this.#waiting = true
    requestAnimationFrame(() => {
      this.#waiting = false
      if (!this.#surface.editor.isDestroyed) this.#show()
    })
  }

  get #shown() {
    const shown = this.#groups.filter(({ element }) => !element.hidden)
    return shown.flatMap(({ items }) => items.map(({ button }) => button))
  }

  /** @param {typeof GROUPS[number]} group */
  #group({ during, buttons }) {
    const items = buttons
      .filter(({ name }) => this.#surface.word(name) && (name !== "image" || this.#surface.uploads))
      .map((action) => ({ action, button: this.#button(action) }))
    const element = make("div", { class: "editor-group", hidden: Boolean(during) })
    element.append(...items.map(({ button }) => button))
    return { during, items, element }
  }

  /** @param {Button} action */
  #button(action) {
    const word = this.#surface.word(action.name)
    const attributes = { type: "button", tabindex: "-1", title: word, "aria-label": word }
    const button = make("button", attributes, icon(action.name))
    button.addEventListener("click", () => this.#run(action, button))
    return button
  }

  /**
   * @param {Button} action
   * @param {HTMLButtonElement} button
   */
  #run(action, button) {
    this.#rove(button)
    if (button.getAttribute("aria-disabled") === "true") return
    if (action.open) action.open(this.#surface)
    else action.command?.(this.#surface.editor.chain().focus().command(asOwnStep)).run()
  }

  #show() {
    const { editor } = this.#surface
    for (const { during, items, element } of this.#groups) {
      element.hidden = during !== undefined && !editor.isActive(during)
      for (const { action, button } of items) {
        if (action.pressed) button.setAttribute("aria-pressed", String(action.pressed(editor)))
        if (action.command) {
          button.setAttribute("aria-disabled", String(!action.command(editor.can().chain()).run()))
        }
      }
    }
    const shown = this.#shown
    if (!shown.some((button) => button.tabIndex === 0)) this.#rove(shown[0])
  }

  /**
   * Make a button the one that Tab reaches.
   * @param {HTMLButtonElement} button
   */
  #rove(button) {
    for (const other of this.root.querySelectorAll("button")) other.tabIndex = other === button ? 0 : -1
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const shown = this.#shown
    const at = shown.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement))
    /** @type {Record<string, HTMLButtonElement | undefined>} */
    const targets = {
      ArrowLeft: shown.at(at - 1),
      ArrowRight: shown[(at + 1) % shown.length],
      Home: shown[0],
      End: shown.at(-1),
    }
    const to = Object.hasOwn(targets, event.key) ? targets[event.key] : undefined
    if (to) {
      event.preventDefault()
      this.#rove(to)
      to.focus()
    } else if (event.key === "Escape") {
      event.preventDefault()
      this.#surface.focus()
    }
  }
}
