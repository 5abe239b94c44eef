// What is done with a post or message: the menu of its acts, its reactions, and who reacted.
//
// The page shows the same to everybody; what this reader may do is fetched from …/acts when a menu is opened or a
// reaction is pointed at. Templates: shared/acts.html and shared/reactions.html.
import { fragmentOf, get, make, word } from "base/dom.js"
import { contentOf, postForm, request, STREAM } from "base/http.js"
import { placeAll } from "base/place.js"
import * as Turbo from "vendor/turbo.js"

const HOVER = 300 // milliseconds that a reaction is pointed at before the names show
const EDGE = 8 // pixels between a popover and the edge of the screen
const REOPENING = 300 // a press on the button of an open menu first closes it; the click that follows is no new one

export class ActsMenu {
  #host
  #run
  #say
  /** @type {HTMLElement | undefined} the popover or dialog that is open */
  #open
  /** @type {HTMLElement | undefined} the control from which it was opened */
  #opener
  #closed = { by: /** @type {Element | undefined} */ (undefined), at: 0 }
  /** @type {HTMLElement | undefined} the reaction whose names are shown, in #tip */
  #pointed
  /** @type {HTMLElement | undefined} */
  #tip
  #pointing = 0

  /**
   * @param {HTMLElement} host the element around the posts or messages; has data-word-failed
   * @param {object} on
   * @param {(act: string, thing: HTMLElement, link: HTMLElement) => boolean} on.run does what the page itself does with
   *   a line (data-act), false where it does not know it
   * @param {(words: string) => void} on.say tells screen readers what happened
   */
  constructor(host, { run, say }) {
    this.#host = host
    this.#run = run
    this.#say = say
    host.addEventListener("keydown", this.#press)
    host.addEventListener("pointerover", this.#point)
    host.addEventListener("focusin", this.#point)
    document.addEventListener("turbo:before-cache", this.close)
    window.addEventListener("scroll", this.#follow, { capture: true, passive: true })
    window.addEventListener("resize", this.#follow)
  }

  disconnect() {
    this.close()
    this.#host.removeEventListener("keydown", this.#press)
    this.#host.removeEventListener("pointerover", this.#point)
    this.#host.removeEventListener("focusin", this.#point)
    document.removeEventListener("turbo:before-cache", this.close)
    window.removeEventListener("scroll", this.#follow, { capture: true })
    window.removeEventListener("resize", this.#follow)
  }

  /**
   * Open the menu of a post or message; go to the page of its acts where this fails.
   * @param {HTMLAnchorElement} link
   */
  async open(link) {
    if (this.#closed.by === link && performance.now() - this.#closed.at < REOPENING) return
    const content = "popover" in link ? await actsOf(link.href) : undefined
    const menu = content?.querySelector("[role=menu]")
    if (!(menu instanceof HTMLElement) || !content) return location.assign(link.href)
    this.#show(menu, link)
    items(menu)[0]?.focus()
    menu.addEventListener("click", (event) => this.#choose(event, content))
  }

  close = () => {
    this.#hideNames()
    this.#open?.remove()
    this.#open = undefined
  }

  /**
   * Post a form of the menu, of its dialog, or a reaction, and show what the server has then.
   * @param {HTMLFormElement} form
   * @param {HTMLElement | null} submitter
   */
  async post(form, submitter) {
    const opener = this.#opener?.isConnected && form.closest("[popover], dialog") ? this.#opener : submitter
    const thing = thingOf(opener ?? form)
    const pressed = submitter?.getAttribute("aria-pressed") === "true"
    const address = (submitter?.getAttribute("formaction") ?? form.action) + (pressed ? "/delete" : "")
    if (form.ariaBusy) return
    form.ariaBusy = "true"
    const { response, text } = await postForm(form, address)
    form.ariaBusy = null
    if (response?.redirected) return Turbo.visit(response.url)
    if (response?.status === 422 && this.#askAgain(text)) return
    this.close()
    if (response?.ok) this.#receive(text)
    const shown = document.getElementById(thing?.id ?? "") ?? thing
    if (!response?.ok && shown) this.#fail(shown, text)
    if (shown && !form.matches(".reactions")) (nextOf(shown) ?? shown).focus({ preventScroll: true })
  }

  /** @param {string} text */
  #receive(text) {
    const streams = fragmentOf(text)
    for (const stream of streams.querySelectorAll("turbo-stream[action=place]")) {
      const list = document.getElementById(stream.getAttribute("target") ?? "")
      if (list) placeAll(list, get(stream, "template", HTMLTemplateElement).content)
      stream.remove()
    }
    document.documentElement.append(streams)
  }

  /**
   * @param {HTMLElement} thing
   * @param {string} text
   */
  #fail(thing, text) {
    const why = text && fragmentOf(text).querySelector(".errors li, .stopped p")?.textContent
    thing.querySelector(":scope > .field-error")?.remove()
    thing.append(make("p", { class: "field-error", role: "alert" }, why || word(this.#host, "failed")))
  }

  /**
   * Show the dialog again with what is wrong; return false where none came back.
   * @param {string} text
   */
  #askAgain(text) {
    const dialog = contentOf(text)?.querySelector("dialog")
    if (!dialog || !this.#open?.matches("dialog")) return false
    this.#open.replaceChildren(...dialog.children)
    this.#open.querySelector("input")?.focus()
    return true
  }

  // The menu

  /**
   * @param {HTMLElement} panel a popover
   * @param {HTMLElement} opener
   */
  #show(panel, opener) {
    this.close()
    this.#host.append(panel)
    this.#open = panel
    this.#opener = opener
    opener.ariaExpanded = "true"
    panel.addEventListener("toggle", (event) => {
      if (/** @type {ToggleEvent} */ (event).newState === "open") return
      this.#closed = { by: opener, at: performance.now() }
      opener.ariaExpanded = "false"
      panel.remove()
    })
    panel.showPopover()
    beside(panel, opener)
  }

  /**
   * @param {MouseEvent} event
   * @param {ParentNode} content
   */
  #choose(event, content) {
    const line = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[role=menuitem]"))
    const opener = this.#opener
    if (!line || !opener) return
    const { act, opens } = line.dataset
    const thing = thingOf(opener)
    if (act === "copy") {
      event.preventDefault()
      this.#copy(/** @type {HTMLAnchorElement} */ (line), opener)
    } else if (opens) {
      const opened = content.querySelector(`[data-opened-by=${opens}]`)
      if (opened instanceof HTMLDialogElement) this.#ask(opened, opener)
      else if (opened instanceof HTMLElement) this.#show(opened, opener)
      opened instanceof HTMLElement && opened.matches("[popover]") && opened.focus()
    } else if (act && thing) {
      this.close()
      if (this.#run(act, thing, line)) event.preventDefault()
    }
  }

  /**
   * @param {HTMLAnchorElement} line
   * @param {HTMLElement} opener
   */
  async #copy(line, opener) {
    const words = word(line, "copied")
    try {
      await navigator.clipboard.writeText(line.href)
    } catch {
      return location.assign(line.href) // the address bar shows it
    }
    line.replaceChildren(words)
    this.#say(words)
    setTimeout(() => {
      if (!this.#open?.contains(line)) return
      this.close()
      opener.focus()
    }, 1_200)
  }

  /**
   * @param {HTMLDialogElement} dialog
   * @param {HTMLElement} opener
   */
  #ask(dialog, opener) {
    this.close()
    this.#host.append(dialog)
    this.#open = dialog
    dialog.addEventListener("close", () => {
      dialog.remove()
      if (opener.isConnected) opener.focus()
    })
    dialog.showModal()
  }

  /** @param {KeyboardEvent} event */
  #press = (event) => {
    const menu = this.#open
    if (event.key === "Escape") this.#hideNames()
    const target = /** @type {HTMLElement} */ (event.target)
    const opens = target.matches("[data-act=acts]") && [" ", "ArrowDown"].includes(event.key)
    if (opens) {
      event.preventDefault()
      target.click()
    }
    if (!menu?.matches("[popover]") || !menu.contains(target)) return
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault()
      menu.hidePopover()
      this.#opener?.focus()
    }
    const lines = items(menu)
    const at = lines.indexOf(target)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + lines.length, Home: 0, End: lines.length - 1 }[event.key]
    if (to !== undefined && lines.length) {
      event.preventDefault()
      lines[to % lines.length].focus()
    } else if (event.key === " " && target.matches("a")) {
      event.preventDefault()
      target.click()
    }
  }

  #follow = () => {
    this.#hideNames()
    if (this.#open?.matches(":popover-open") && this.#opener) beside(this.#open, this.#opener)
  }

  // The names beside a reaction

  /** @param {Event} event */
  #point = (event) => {
    const target = /** @type {Element} */ (event.target)
    const button = /** @type {HTMLElement | null} */ (target.closest(".reactions [data-people]"))
    if (button && button === this.#pointed) return
    this.#hideNames()
    const touch = event instanceof PointerEvent && event.pointerType !== "mouse"
    if (!button || touch || (event.type === "focusin" && !button.matches(":focus-visible"))) return
    this.#pointing = window.setTimeout(() => this.#showNames(button), HOVER)
  }

  /** @param {HTMLElement} button */
  async #showNames(button) {
    const [, base, kind] = /(.*)\/reactions\/(\w+)/.exec(button.getAttribute("formaction") ?? "") ?? []
    const pointing = this.#pointing
    const content = "popover" in button && base ? await actsOf(`${base}/acts`) : undefined
    const names = content?.querySelector(`li[data-kind=${kind}]`)
    if (!names || pointing !== this.#pointing || !button.isConnected) return
    this.#pointed = button
    this.#tip = make("span", { class: "tip", role: "tooltip", id: "tip", popover: "manual" }, ...names.childNodes)
    button.after(this.#tip)
    button.setAttribute("aria-describedby", "tip")
    this.#tip.showPopover()
    beside(this.#tip, button)
  }

  #hideNames() {
    clearTimeout(this.#pointing)
    this.#pointing = 0
    this.#pointed?.removeAttribute("aria-describedby")
    this.#tip?.remove()
    this.#pointed = this.#tip = undefined
  }
}

/**
 * Fetch the acts of a post or message for this reader.
 * @param {string} address
 */
async function actsOf(address) {
  const { response, text } = await request(address, { headers: { Accept: STREAM } })
  return response?.ok && !response.redirected ? contentOf(text) : undefined
}

/** @param {Element} element */
function thingOf(element) {
  return /** @type {HTMLElement | null} */ (element.closest("[data-seq]"))
}

/**
 * Return the control with which one goes on after an act: undo it, else the menu.
 * @param {HTMLElement} thing
 */
function nextOf(thing) {
  const undo = thing.querySelector("[data-undo]")
  return /** @type {HTMLElement | null} */ (undo ?? thing.querySelector("[data-act=acts]"))
}

/** @param {HTMLElement} menu */
function items(menu) {
  return /** @type {HTMLElement[]} */ ([...menu.querySelectorAll("[role^=menuitem]")])
}

/**
 * Put a popover below its control, or above it where there is more room, inside the screen.
 * @param {HTMLElement} panel
 * @param {HTMLElement} control
 */
function beside(panel, control) {
  const at = control.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = panel
  const { clientWidth, clientHeight } = document.documentElement
  const below = at.bottom + height + EDGE < clientHeight || at.top < height + EDGE
  const left = at.left + clientWidth / 2 > clientWidth ? at.right - width : at.left
  panel.style.left = `${Math.max(EDGE, Math.min(left, clientWidth - width - EDGE))}px`
  panel.style.top = `${Math.max(EDGE, below ? Math.min(at.bottom + 4, clientHeight - height - EDGE) : at.top - height - 4)}px`
}
