// <cop-block>: where a block of minutes is written: held while somebody types, kept as a draft, saved with the version
// that it is based on. Where that is not the newest, both texts are shown; the server has kept the one that was sent.

import "base/editor.js"
import { fragmentOf, get, make, word } from "base/dom.js"
import { Draft } from "base/drafts.js"
import { request, sendJSON } from "base/http.js"
import { Place } from "base/live.js"
import { Lease } from "minutes/lease.js"
import * as Turbo from "vendor/turbo.js"

const FIELDS = ["title", "body", "format", "client_id", "base_version"]
const TIME = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit" })
const AGAIN = 5_000 // between two tries to save without a connection

/**
 * Why a text was kept and not saved, with the text that is there now.
 * @typedef {{ code: string, detail: string, version: number, title: string, html: string, author: string }} Refusal
 */

class CopBlock extends HTMLElement {
  /** @type {HTMLFormElement} */
  #form
  /** @type {Draft} */
  #draft
  /** @type {Lease} */
  #lease
  /** @type {Place} */
  #place
  #busy = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #again

  connectedCallback() {
    this.#form = get(this, "form.composer", HTMLFormElement)
    this.#draft = new Draft(this.dataset.place ?? "", this.#form, FIELDS, {
      state: (state, at, words) => this.#showDraft(state, at, words),
      forked: () => this.#say("forked"),
    })
    this.#lease = new Lease({
      hold: this.dataset.hold ?? "",
      release: this.dataset.release ?? "",
      token: crypto.randomUUID(),
      send: sendJSON,
      tell: (state, holder) => this.#tell(state, holder),
    })
    this.#form.addEventListener("input", this.#typed)
    this.#form.addEventListener("focusout", this.#left)
    this.#form.addEventListener("submit", this.#submit)
    window.addEventListener("pagehide", this.#leave)
    window.addEventListener("online", this.#retry)
    this.#watch()
  }

  disconnectedCallback() {
    this.#lease.release()
    this.#draft.close()
    this.#place.close()
    clearTimeout(this.#again)
    this.#form.removeEventListener("input", this.#typed)
    this.#form.removeEventListener("focusout", this.#left)
    this.#form.removeEventListener("submit", this.#submit)
    window.removeEventListener("pagehide", this.#leave)
    window.removeEventListener("online", this.#retry)
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLInputElement} */ (this.#form.elements.namedItem(name))
  }

  // Holding

  #typed = () => this.#lease.typed()

  #leave = () => this.#lease.release()

  /** @param {FocusEvent} event */
  #left = ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && this.#form.contains(relatedTarget))) this.#lease.release()
  }

  /**
   * @param {import("minutes/lease.js").LeaseState} state
   * @param {string} holder
   */
  #tell(state, holder) {
    const held = get(this, ".minutes-held")
    held.hidden = state !== "other"
    if (state === "other") get(held, "span").textContent = word(this, "held", { name: holder })
    if (state === "removed" || state === "gone") this.#say(state)
    if (state === "signed-out") this.#askToSignIn()
  }

  /** Follow what happens to the block elsewhere; the texts of the others are not shown here. */
  #watch() {
    const target = make("div")
    target.addEventListener("cop:placed", ({ target: placed }) => {
      const block = /** @type {HTMLElement} */ (placed)
      if (block.id === this.dataset.block) this.#see(block)
      block.remove()
    })
    const { live = "", seq = 0, url = "" } = this.dataset
    const on = { gone: () => this.#say("gone") }
    this.#place = new Place({ name: live, seq: Number(seq), url, target, on }).open()
  }

  /** @param {HTMLElement} block as it is now */
  #see(block) {
    const { holder, name = "", version = 0 } = block.dataset
    const viewer = get(document, "[data-viewer]").dataset.viewer
    if (block.hidden) return this.#say("removed")
    if (!holder || holder === viewer) this.#lease.freed()
    else if (this.#lease.lost(name)) {
      this.#say("taken", { name })
      get(this, ".minutes-held").hidden = false
      get(this, ".minutes-held span").textContent = word(this, "taken", { name })
    }
    const by = block.querySelector("[data-editor]")?.getAttribute("data-editor") ?? ""
    if (Number(version) > Number(this.#field("base_version").value) && !this.#busy) this.#say("changed", { name: by })
  }

  // Status

  /**
   * @param {string} name
   * @param {Record<string, string>} [values]
   * @param {...Node} more
   */
  #say(name, values = {}, ...more) {
    get(this, ".composer-status").replaceChildren(name && word(this, name, values), " ", ...more)
  }

  /**
   * @param {import("base/draft-store.js").DraftState} state
   * @param {Date} at
   * @param {string} [words] why the server refused the draft
   */
  #showDraft(state, at, words) {
    const time = at.toLocaleTimeString(document.documentElement.lang, TIME).replace(":", ".")
    const place = get(this, ".saved")
    place.textContent = words ? word(this, "not-saved", { words }) : word(this, state, { time })
    place.classList.toggle("is-away", state !== "saved")
  }

  #askToSignIn() {
    const href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`
    this.#say("signin", {}, make("a", { href }, word(this, "signin-link")))
  }

  // Saving

  /** @param {SubmitEvent} event */
  #submit = (event) => {
    event.preventDefault()
    this.#save()
  }

  #retry = () => {
    if (this.#again === undefined) return
    clearTimeout(this.#again)
    this.#save()
  }

  async #save() {
    if (this.#busy) return
    this.#busy = true
    this.#again = undefined
    this.querySelector(".errors")?.remove()
    this.querySelector(".minutes-conflict")?.remove()
    this.#say("sending")
    const id = this.#draft.posting()
    const body = { ...Object.fromEntries(new FormData(this.#form)), ...this.#draft.replaces }
    const { response, text } = await request(this.#form.action, {
      method: "PATCH",
      headers: { Accept: "application/json", "Content-Type": "application/json" },
      body: JSON.stringify(body),
    })
    this.#busy = false
    if (!response || response.status >= 500 || response.status === 429) return this.#wait()
    if (!response.ok) return this.#refused(response.status, text)
    this.#lease.saved()
    if (this.#draft.posted(id)) Turbo.visit(this.dataset.back ?? "/")
    else this.#field("base_version").value = JSON.parse(text).version // more was typed meanwhile
  }

  /** Without a connection the text is saved once there is one. */
  #wait() {
    this.#draft.notPosted()
    if (!this.isConnected) return
    this.#say("offline")
    this.#again = setTimeout(this.#retry, AGAIN)
  }

  /**
   * @param {number} status
   * @param {string} text
   */
  #refused(status, text) {
    this.#draft.notPosted()
    if (status === 401) return this.#askToSignIn()
    if (status === 404) return this.#say("gone")
    const problem = JSON.parse(text)
    if (status === 409 && problem.version) return this.#offer(problem)
    const words = Object.values(problem.errors ?? {}).join(" ") || problem.detail
    this.#say("broken")
    const box = make("div", { class: "errors", role: "alert", tabindex: "-1" }, make("p", {}, words ?? ""))
    this.#form.before(box)
    box.focus()
  }

  /**
   * Show the text that is there now beside the one that was sent, with what can be done.
   * @param {Refusal} refusal
   */
  #offer({ code, detail, version, title, html, author }) {
    const acts = make("div", { class: "row" })
    const box = make("section", { class: "minutes-conflict notice-box", tabindex: "-1" })
    const add = (/** @type {string} */ name, /** @type {() => void} */ act) => {
      const button = make("button", { type: "button", class: "button button-secondary" }, word(this, name))
      button.addEventListener("click", act)
      acts.append(button)
    }
    const rebase = () => {
      this.#field("base_version").value = String(version)
      box.remove()
    }
    if (code === "changed" || code === "held") {
      add("mine", () => {
        rebase()
        this.#save()
      })
      add("keep", () => this.#keepTheirs())
      add("both", () => {
        rebase()
        this.#merge(html)
      })
    } else acts.append(make("a", { class: "button button-secondary", href: this.dataset.texts }, word(this, "texts")))
    box.append(
      make("p", {}, detail),
      make("h2", {}, word(this, "theirs")),
      make("p", {}, make("b", {}, make("bdi", {}, title)), author && ` · ${author}`),
      make("div", { class: "prose" }, fragmentOf(html)),
      acts,
    )
    this.#form.before(box)
    this.#say("")
    box.focus()
  }

  /** Let the other text stand; the server keeps the one that was written here beside it. */
  async #keepTheirs() {
    const { id } = this.#draft
    this.#draft.clear()
    await sendJSON("DELETE", `/api/v1/drafts/${id}`).catch(() => {})
    Turbo.visit(this.dataset.back ?? "/")
  }

  /**
   * Put the other text above the one that was written here.
   * @param {string} html
   */
  #merge(html) {
    const body = this.#field("body")
    if (this.#field("format").value === "html") body.value = html + body.value
    else body.value = `${make("div", {}, fragmentOf(html)).innerText}\n\n${body.value}`
    this.#form.dispatchEvent(new CustomEvent("cop:restored", { bubbles: true }))
    this.#draft.keep()
    this.#say("merged")
  }
}

customElements.define("cop-block", CopBlock)
