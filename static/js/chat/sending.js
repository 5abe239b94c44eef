// The messages on their way: shown below the log as the server would render them, and posted to the room.
import { fragmentOf, get, make, word } from "base/dom.js"
import { contentOf, request, STREAM } from "base/http.js"
import { placeAll } from "base/place.js"

/** @typedef {import("chat/outbox.js").Entry} Entry */

/** The view of an outbox. */
export class Sending {
  #room
  #template
  #messages
  #list
  #changed

  /**
   * @param {HTMLElement} room the <cop-chat>
   * @param {() => void} changed called when a message was added or taken away
   */
  constructor(room, changed) {
    this.#room = room
    this.#template = get(room, "#sent-message", HTMLTemplateElement)
    this.#messages = get(room, "#messages")
    this.#list = get(room, "#sending")
    this.#changed = changed
    this.#list.replaceChildren()
  }

  /** @param {Entry} entry */
  show(entry) {
    const message = /** @type {HTMLElement} */ (this.#template.content.firstElementChild?.cloneNode(true))
    const text = make("p")
    text.innerText = entry.body // which turns line ends into elements
    message.dataset.client = entry.client_id
    get(message, ".message-text").replaceChildren(text)
    if (entry.names?.length) get(message, ".message-text").after(filesOf(entry.names))
    this.#list.append(message)
    this.update(entry)
    this.#changed()
  }

  /**
   * Show how a message fares; the words of a refusal and what can be done about it.
   * @param {Entry} entry
   */
  update(entry) {
    const message = this.#find(entry.client_id)
    if (!message) return
    message.classList.toggle("is-failed", Boolean(entry.failed))
    message.classList.toggle("is-sending", !entry.failed)
    /** @type {Record<string, boolean | undefined>} */
    const holds = {
      sending: !entry.failed,
      failed: entry.failed,
      refused: entry.refused,
      "signed-out": entry.signedOut,
    }
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (message.querySelectorAll("[data-when]"))) {
      part.hidden = !holds[part.dataset.when ?? ""]
    }
    if (entry.words) get(message, "[data-when=failed] span").textContent = entry.words
  }

  /** @param {string} id */
  remove(id) {
    this.#find(id)?.remove()
    this.#changed()
  }

  /**
   * Post a message; the room shows the one that the server rendered once it is stored.
   * @param {Entry} entry
   * @returns {Promise<import("chat/outbox.js").Outcome>}
   */
  async post({ client_id, body, reply_to, files }) {
    const { response, text } = await request(`${this.#room.dataset.url}/messages`, {
      method: "POST",
      headers: { Accept: STREAM, "Content-Type": "application/json" },
      body: JSON.stringify({ client_id, body, files, ...(reply_to && { reply_to }) }),
    })
    if (!response || response.status >= 500 || response.status === 429) return { state: "unreachable" }
    if (response.redirected) return { state: "signed-out", words: word(this.#room, "signin") }
    if (!response.ok) return { state: "refused", words: reasonIn(text) }
    const content = contentOf(text)
    if (!content) return { state: "unreachable" }
    placeAll(this.#messages, content)
    return { state: "stored" }
  }

  /** @param {string} id */
  #find(id) {
    return this.#list.querySelector(`[data-client="${id}"]`)
  }
}

/**
 * Return the first reason on a page that refuses a message.
 * @param {string} page
 */
function reasonIn(page) {
  return fragmentOf(page).querySelector(".errors li, .stopped > p:not(.stopped-code)")?.textContent ?? undefined
}

/**
 * Return a list of the files that go along; that of the server has links to them.
 * @param {string[]} names
 */
function filesOf(names) {
  const items = names.map((name) => make("li", { class: "attachment" }, make("bdi", {}, name)))
  return make("ul", { class: "attachments" }, ...items)
}
