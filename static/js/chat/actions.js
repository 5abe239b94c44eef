// What is done with a message: its controls, the dialog of its actions, and the forms in both.
import { openActions, showActions } from "base/actions-dialog.js"
import { get, make, word } from "base/dom.js"
import { contentOf, postForm } from "base/http.js"
import { placeAll } from "base/place.js"

export class Actions {
  #room
  #dialog
  #log
  #composer

  /**
   * @param {HTMLElement} room the <cop-chat>
   * @param {HTMLDialogElement} dialog
   * @param {import("chat/log.js").Log} log
   * @param {import("chat/composer.js").Composer | undefined} composer
   */
  constructor(room, dialog, log, composer) {
    this.#room = room
    this.#dialog = dialog
    this.#log = log
    this.#composer = composer
  }

  /**
   * Do what a control is for; return false where the browser is to follow the link.
   * @param {HTMLAnchorElement} link
   */
  run(link) {
    const message = /** @type {HTMLElement | null} */ (link.closest(".message"))
    const client = message?.dataset.client ?? ""
    /** @type {Record<string, () => unknown>} */
    const actions = {
      acts: () => openActions(this.#dialog, link.href),
      reply: () => this.#reply(message ?? this.#room.querySelector(`#message-${link.dataset.id}`)),
      "reply-not": () => this.#composer?.reply(null),
      retry: () => this.#composer?.outbox.retry(client),
      amend: () => this.#composer?.amend(client),
      discard: () => this.#composer?.outbox.remove(client),
      newest: () => this.#log.complete && this.#log.toEnd(),
    }
    const action = actions[link.dataset.act ?? ""]
    return action ? action() : false
  }

  /**
   * Post a form about a message; the response is the message as it is now, or the page that says what is wrong.
   * @param {HTMLFormElement} form
   * @param {HTMLElement | null} submitter
   */
  async post(form, submitter) {
    const pressed = submitter?.getAttribute("aria-pressed") === "true" && !form.closest("dialog")
    const address = submitter?.getAttribute("formaction") ?? form.action
    const { response, text } = await postForm(form, address + (pressed ? "/delete" : ""))
    if (response?.redirected) return location.assign(response.url)
    const content = response?.ok ? contentOf(text) : undefined
    if (!content) return showActions(this.#dialog, text) || this.#fail(form)
    const [placed] = placeAll(this.#log.list, content)
    if (!this.#dialog.open) return
    this.#dialog.close() // the control from which it was opened has been replaced
    if (placed) get(placed, ".message-acts [data-act=acts]").focus({ preventScroll: true })
  }

  /** @param {HTMLElement | null} message */
  #reply(message) {
    if (!message) return false
    this.#dialog.close()
    this.#composer?.reply(message)
  }

  /** @param {HTMLFormElement} form */
  #fail(form) {
    form.parentElement?.querySelector(":scope > [role=alert]")?.remove()
    form.after(make("p", { class: "field-error", role: "alert" }, word(this.#room, "failed")))
  }
}
