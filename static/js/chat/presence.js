// Who is in the room now, and who is typing.
import { fragmentOf, get, word } from "base/dom.js"
import { request, STREAM } from "base/http.js"
import { listen } from "base/live.js"
import { TYPING } from "chat/composer.js"

export class Presence {
  #room
  /** @type {Map<number, { name: string, timer: ReturnType<typeof setTimeout> }>} */
  #typists = new Map()
  #stops

  /** @param {HTMLElement} room the <cop-chat> */
  constructor(room) {
    this.#room = room
    this.#stops = [
      listen("typing", ({ place, person, name }) => place === room.dataset.place && this.#type(person, name)),
      listen(
        "present",
        ({ place, count, html }) => place === room.dataset.place && this.#show(fragmentOf(html), count),
      ),
    ]
  }

  close() {
    for (const stop of this.#stops) stop()
  }

  /** Ask who is there: signals may have been missed while there was no connection. */
  async refresh() {
    const { response, text } = await request(`${this.#room.dataset.url}/people`, { headers: { Accept: STREAM } })
    if (!response?.ok || response.redirected) return
    const stream = get(fragmentOf(text), "turbo-stream")
    this.#show(get(stream, "template", HTMLTemplateElement).content, stream.dataset.count ?? "")
  }

  /**
   * A person has stopped typing: the message has come, or there was no signal for a while.
   * @param {number} person
   */
  stopTyping(person) {
    clearTimeout(this.#typists.get(person)?.timer)
    if (this.#typists.delete(person)) this.#showTyping()
  }

  /**
   * @param {Node} people
   * @param {string} count
   */
  #show(people, count) {
    get(document, "#present").replaceChildren(people)
    get(document, "#present-count").textContent = count
  }

  /**
   * @param {number} person
   * @param {string} name
   */
  #type(person, name) {
    if (String(person) === this.#room.dataset.viewer) return
    clearTimeout(this.#typists.get(person)?.timer)
    this.#typists.delete(person) // the last to type is named last
    this.#typists.set(person, { name, timer: setTimeout(() => this.stopTyping(person), TYPING + 1_000) })
    this.#showTyping()
  }

  #showTyping() {
    const [one, two, more] = this.#typists.values()
    const form = more ? "many" : two ? "two" : "one"
    get(this.#room, ".typing").textContent = one
      ? word(this.#room, `typing-${form}`, { name: one.name, other: two?.name })
      : ""
  }
}
