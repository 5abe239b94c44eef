// Choosing messages from which a thread is made.
import { counted, get } from "base/dom.js"

export class Selection {
  #room
  #status
  #invitation
  /** @type {Set<string>} */
  #chosen = new Set()

  /** @param {HTMLElement} room the <cop-chat> */
  constructor(room) {
    this.#room = room
    this.#status = get(room, ".room-select [role=status]")
    this.#invitation = this.#status.dataset.none ??= this.#status.textContent ?? "" // also in a page that Turbo restores
    room.addEventListener("change", this.#update)
    room.addEventListener("click", this.#click)
    room.addEventListener("cop:placed", this.#keep)
  }

  close() {
    this.#room.removeEventListener("change", this.#update)
    this.#room.removeEventListener("click", this.#click)
    this.#room.removeEventListener("cop:placed", this.#keep)
  }

  /**
   * Begin to choose, or stop and forget what was chosen.
   * @param {boolean} on
   */
  toggle(on) {
    this.#room.classList.toggle("is-choosing", on)
    if (!on) for (const box of this.#boxes()) box.checked = false
    this.#update()
    /** @type {HTMLElement | null} */
    const control = this.#room.querySelector(on ? ".message-pick input" : "[data-act=choose]")
    control?.focus({ preventScroll: true })
  }

  /** @returns {NodeListOf<HTMLInputElement>} */
  #boxes() {
    return this.#room.querySelectorAll(".message-pick input")
  }

  /**
   * A press anywhere on a message chooses it.
   * @param {MouseEvent} event
   */
  #click = ({ target }) => {
    const pressed = /** @type {Element} */ (target)
    if (!this.#room.classList.contains("is-choosing") || pressed.closest("a, button, label, input")) return
    /** @type {HTMLElement | null | undefined} */
    const box = pressed.closest(".message")?.querySelector(".message-pick input")
    box?.click()
  }

  #update = () => {
    for (const box of this.#boxes()) {
      if (box.checked) this.#chosen.add(box.value)
      else this.#chosen.delete(box.value)
      box.closest(".message")?.classList.toggle("is-selected", box.checked)
    }
    const n = this.#chosen.size
    this.#status.textContent = n ? counted(this.#room, "chosen", n) : this.#invitation
  }

  /**
   * A message that is replaced while it is chosen stays chosen.
   * @param {CustomEvent} event
   */
  #keep = ({ target }) => {
    const message = /** @type {HTMLElement} */ (target)
    const box = /** @type {HTMLInputElement | null} */ (message.querySelector(".message-pick input"))
    if (!box || !this.#chosen.has(box.value)) return
    box.checked = true
    message.classList.add("is-selected")
  }
}
