// <cop-thread>: a thread: live replies without moving the page, the reading mark, and what belongs to the reader.
import { counted, get, make, word } from "base/dom.js"
import { sendJSON } from "base/http.js"
import { Place } from "base/live.js"
import { seqOf } from "base/place.js"
import { ReadingMark } from "base/reading-mark.js"

const MARK_PAUSE = 1_500

class CopThread extends HTMLElement {
  /** @type {HTMLElement} */
  #posts
  /** @type {Place} */
  #place
  /** @type {ReadingMark} */
  #mark
  /** @type {IntersectionObserver} */
  #visible
  #read = 0
  #added = 0

  connectedCallback() {
    this.#posts = get(this, "#posts")
    this.#mark = new ReadingMark(this, () => this.#readUpTo())
    this.#read = this.#mark.saved
    this.#added = 0
    this.#markOwn()
    this.#divide()
    this.addEventListener("click", this.#click)
    this.addEventListener("submit", this.#submit)
    this.#posts.addEventListener("cop:placed", this.#placed)
    this.#visible = new IntersectionObserver((entries) => this.#noteVisible(entries))
    this.#watch()
    this.#place = new Place({
      name: this.dataset.place ?? "",
      seq: Number(this.dataset.seq),
      url: `${this.dataset.url}/posts`,
      target: this.#posts,
      on: {
        gone: () => this.#close(),
        state: (state) => this.#setStatus(state === "polling" ? word(this, state) : ""),
      },
    }).open()
  }

  disconnectedCallback() {
    this.#place.close()
    this.#visible.disconnect()
    this.#mark.cancel()
  }

  /** @param {string} words */
  #setStatus(words) {
    get(this, ":scope > [role=status]").textContent = words
  }

  /** The reader has no access any more. */
  #close() {
    this.#posts.replaceChildren()
    this.#setStatus(word(this, "gone"))
    document.querySelector("cop-composer")?.remove()
  }

  // New posts

  /**
   * A post was put in the list. A page from the middle of the thread is not added to: new posts are on its last page.
   * @param {CustomEvent<{ again: boolean }>} event
   */
  #placed = ({ target, detail }) => {
    const post = /** @type {HTMLElement} */ (target)
    if (detail.again) return this.#markOwn()
    if (this.#complete) this.#watch()
    else post.remove()
    this.#markOwn()
    if (authorOf(post) === this.dataset.viewer) return
    this.#added += 1
    const pill = get(this, ".new-posts")
    get(pill, "span").textContent = counted(this, "new", this.#added)
    get(pill, "a", HTMLAnchorElement).href = this.#complete
      ? `#${post.id}`
      : `${location.pathname}?after=${this.dataset.seq}`
    pill.hidden = false
  }

  get #complete() {
    return this.dataset.complete === "yes"
  }

  /** Mark what is the reader's: every reader gets the same posts. */
  #markOwn() {
    const viewer = this.dataset.viewer ?? ""
    for (const form of this.#posts.querySelectorAll("form[data-people]")) {
      const people = /** @type {HTMLElement} */ (form).dataset.people?.split(" ")
      get(form, "button").setAttribute("aria-pressed", String(people?.includes(viewer)))
    }
    const retracted = `.post-gone[data-state=retracted][data-author="${viewer}"]:not(:has(button))`
    for (const post of this.#posts.querySelectorAll(retracted)) {
      get(post, "span").textContent = word(this, "retracted")
      get(post, "a").before(make("button", { "data-act": "restore" }, word(this, "undo")))
    }
    for (const link of this.#posts.querySelectorAll(`a.mention[href="/people/${viewer}"]`)) {
      link.classList.add("mention-me")
    }
  }

  /** Draw the line above the first post that the reader has not read. */
  #divide() {
    const posts = /** @type {HTMLElement[]} */ ([...this.#posts.children])
    const unread = posts.filter((post) => seqOf(post) > this.#mark.saved)
    const first = unread.find((post) => authorOf(post) !== this.dataset.viewer)
    if (!this.#mark.saved || !first?.previousElementSibling) return
    const words = make("span", {}, counted(this, "new", unread.length))
    const line = make("p", { class: "first-unread", id: "first-unread" }, words)
    first.before(line)
    if (location.hash === "#first-unread") line.scrollIntoView()
  }

  // The reading mark

  #watch() {
    for (const post of this.#posts.querySelectorAll("[data-seq]")) this.#visible.observe(post)
  }

  /**
   * What was on the screen has been read.
   * @param {IntersectionObserverEntry[]} entries
   */
  #noteVisible(entries) {
    const seen = entries.filter((entry) => entry.isIntersecting)
    this.#read = Math.max(this.#read, ...seen.map(({ target }) => seqOf(/** @type {HTMLElement} */ (target))))
    if (this.#read > this.#mark.saved) this.#mark.schedule(MARK_PAUSE)
  }

  /** The last post that was read; after the last one of the thread also the changes of the posts. */
  #readUpTo() {
    const last = /** @type {HTMLElement | undefined} */ ([...this.#posts.querySelectorAll("[data-seq]")].at(-1))
    return this.#complete && last && this.#read >= seqOf(last) ? this.#place.seq : this.#read
  }

  // Clicks and reactions

  /** @param {MouseEvent} event */
  #click = async (event) => {
    const target = /** @type {Element} */ (event.target)
    const dialog = get(this, "dialog", HTMLDialogElement)
    const action = /** @type {HTMLElement | null} */ (target.closest("[data-act]"))?.dataset.act
    const link = target.closest("a")
    const post = /** @type {HTMLElement | null} */ (target.closest("[id^=post-]"))
    if (action === "quote" && post) {
      event.preventDefault()
      this.dispatchEvent(new CustomEvent("cop:quote", { bubbles: true, detail: quoteOf(post) }))
    } else if (action === "restore" && post) {
      await sendJSON("POST", `/api/v1/posts/${idOf(post)}/restoring`)
    } else if (target.closest(".new-posts")) {
      this.#added = 0
      get(this, ".new-posts").hidden = true
    } else if (link?.pathname.endsWith("/acts") && !event.metaKey && !event.ctrlKey) {
      event.preventDefault()
      // Loaded when it is needed, and without it the page itself is opened.
      import("base/actions-dialog.js").then(
        ({ openActions }) => openActions(dialog, link.href),
        () => location.assign(link.href),
      )
    } else if (target === dialog || target.closest("dialog [data-close]")) {
      dialog.close()
    }
  }

  /**
   * Send a reaction; the live connection brings the post with its new count.
   * @param {SubmitEvent} event
   */
  #submit = async (event) => {
    const form = /** @type {HTMLFormElement | null} */ (
      /** @type {Element} */ (event.target).closest("form[data-kind]")
    )
    if (!form) return
    event.preventDefault()
    const pressed = get(form, "button").getAttribute("aria-pressed") === "true"
    await sendJSON(pressed ? "DELETE" : "PUT", `/api/v1${new URL(form.action).pathname}`)
  }
}

/** @param {HTMLElement} post */
function authorOf(post) {
  return post
    .querySelector(/** @type {"a"} */ ("a.byline-name"))
    ?.pathname.split("/")
    .at(-1)
}

/** @param {HTMLElement} post */
function idOf(post) {
  return post.id.replace("post-", "")
}

/**
 * Return the passage that is selected in a post, else its beginning.
 * @param {HTMLElement} post
 * @returns {Quote}
 */
function quoteOf(post) {
  const prose = get(post, ".prose")
  const selection = getSelection()
  const inside = selection?.rangeCount && prose.contains(selection.getRangeAt(0).commonAncestorContainer)
  const text = (inside && selection.toString().trim()) || prose.innerText.trim().slice(0, 280)
  return { id: idOf(post), name: get(post, ".byline-name").textContent, text }
}

customElements.define("cop-thread", CopThread)
