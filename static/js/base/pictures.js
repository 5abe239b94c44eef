// A picture opened large in a dialog: the arrows, a swipe and two buttons go to the next of the same text or page.
import { fill, make } from "base/dom.js"

const SWIPE = 40 // CSS pixels that a finger must move

class Viewer {
  /** @type {HTMLAnchorElement[]} */
  #links = []
  #at = 0
  #startX = 0
  #words

  /** @param {Record<string, string>} words */
  constructor(words) {
    this.#words = words
    this.image = make("img", { alt: "" })
    this.name = make("bdi")
    this.count = make("span", { class: "viewer-count", "aria-live": "polite" })
    this.download = make("a", { class: "button button-quiet", download: true }, words.download)
    this.previous = this.#button("previous", "‹", () => this.#move(-1))
    this.next = this.#button("next", "›", () => this.#move(1))
    const close = this.#button("close", "×", () => this.dialog.close())
    this.dialog = make(
      "dialog",
      { class: "viewer", "aria-label": words.label },
      make("p", { class: "viewer-head" }, this.name, this.count, this.download, close),
      make("div", { class: "viewer-stage" }, this.previous, this.image, this.next),
      make("p", { class: "viewer-failed", role: "status" }),
    )
    this.dialog.addEventListener("keydown", this.#press)
    this.dialog.addEventListener("click", ({ target }) => {
      if (target === this.dialog || /** @type {Element} */ (target).matches(".viewer-stage")) this.dialog.close()
    })
    this.image.addEventListener("error", () => this.#setStatus(words.failed))
    this.image.addEventListener("load", () => this.#setStatus(""))
    this.dialog.addEventListener("pointerdown", ({ clientX }) => {
      this.#startX = clientX
    })
    this.dialog.addEventListener("pointerup", ({ clientX, pointerType }) => {
      const moved = clientX - this.#startX
      if (pointerType !== "mouse" && Math.abs(moved) > SWIPE) this.#move(moved < 0 ? 1 : -1)
    })
    // The picture that was looked at last gets the focus back, wherever the reader has gone.
    this.dialog.addEventListener("close", () => {
      this.#links[this.#at]?.focus()
      this.dialog.remove()
    })
    document.addEventListener("turbo:before-cache", () => this.dialog.close(), { once: true })
  }

  /** @param {HTMLAnchorElement} link */
  open(link) {
    const place = link.closest(".pictures, .prose, main") ?? document
    this.#links = [...place.querySelectorAll("a.picture")].filter((one) => one instanceof HTMLAnchorElement)
    this.#at = this.#links.indexOf(link)
    document.body.append(this.dialog)
    this.#show()
    this.dialog.showModal()
  }

  /**
   * @param {string} word
   * @param {string} sign
   * @param {() => void} act
   */
  #button(word, sign, act) {
    const name = this.#words[word] ?? ""
    const attributes = { class: `viewer-${word}`, type: "button", "aria-label": name, title: name }
    const button = make("button", attributes, make("span", { "aria-hidden": "true" }, sign))
    button.addEventListener("click", act)
    return button
  }

  /** @param {KeyboardEvent} event */
  #press = (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!by) return
    event.preventDefault()
    this.#move(by)
  }

  /** @param {number} by */
  #move(by) {
    const to = this.#at + by
    if (to < 0 || to >= this.#links.length) return
    this.#at = to
    this.#show()
  }

  #show() {
    const link = this.#links[this.#at]
    if (!link) return
    const total = this.#links.length
    const address = link.pathname
    this.image.alt = link.querySelector("img")?.alt ?? ""
    this.image.srcset = `${address}/picture?width=960 960w, ${address}/picture?width=1920 1920w`
    this.image.sizes = "100vw"
    this.name.textContent = link.dataset.name ?? ""
    this.count.textContent = total > 1 ? fill(this.#words.count ?? "", { n: this.#at + 1, total }) : ""
    this.download.href = `${address}/content`
    this.previous.hidden = this.next.hidden = total === 1
    this.previous.disabled = this.#at === 0
    this.next.disabled = this.#at === total - 1
  }

  /** @param {string} words */
  #setStatus(words) {
    const status = this.dialog.querySelector(".viewer-failed")
    if (status) status.textContent = words
  }
}

/**
 * Open the picture of a link large.
 * @param {HTMLAnchorElement} link has data-words, the address of the words
 */
export async function openLarge(link) {
  const words = await fetch(link.dataset.words ?? "").then((response) => response.json())
  new Viewer(words).open(link)
}
