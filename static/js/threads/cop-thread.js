// <cop-thread>: a thread: live replies without moving the page, the reading mark, and what belongs to the reader.
import { counted, get, make, word } from "base/dom.js"
import { Place } from "base/live.js"
import { seqOf } from "base/place.js"
import { joinToolbars, markReactions, moveInToolbar } from "base/reactions.js"
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
  /** @type {Promise<import("base/acts-menu.js").ActsMenu> | undefined} */
  #menu
  #read = 0
  #added = 0
  #arranging = false

  connectedCallback() {
    this.#posts = get(this, "#posts")
    this.#mark = new ReadingMark(this, () => this.#readUpTo())
    this.#read = this.#mark.saved
    this.#added = 0
    this.#arrange()
    this.addEventListener("click", this.#click)
    this.addEventListener("submit", this.#submit)
    this.addEventListener("keydown", moveInToolbar)
    for (const event of ["pointerover", "focusin"]) this.addEventListener(event, this.#prepare)
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
    this.#menu?.then((menu) => menu.disconnect())
    this.#menu = undefined
  }

  /** @param {string} words */
  #setStatus(words) {
    get(this, ":scope > [role=status]").textContent = words
  }

  /**
   * Tell screen readers what happened.
   * @param {string} words
   */
  #say = (words) => {
    get(this, "#said").textContent = words
  }

  /** The reader has no access any more, or the thread goes on in another: then a reply that is being written lands there. */
  async #close() {
    const url = this.dataset.url ?? ""
    const found = await fetch(url, { method: "HEAD" }).catch(() => undefined)
    if (found?.ok && found.redirected) {
      get(this, ":scope > [role=status]").replaceChildren(make("a", { href: url }, word(this, "merged")))
      return
    }
    this.#posts.replaceChildren()
    this.#setStatus(word(this, "gone"))
    document.querySelector("cop-composer")?.remove()
  }

  // New and changed posts

  /**
   * A post was put in the list. A page from the middle of the thread is not added to: new posts are on its last page.
   * @param {CustomEvent<{ again: boolean }>} event
   */
  #placed = ({ target, detail }) => {
    const post = /** @type {HTMLElement} */ (target)
    this.#noteAnswer(post)
    if (post.matches(".post-gone")) this.#offerUndo(post)
    if (!detail.again) this.#add(post)
    this.#settle()
  }

  /** @param {HTMLElement} post */
  #add(post) {
    if (this.#complete) this.#visible.observe(post)
    else post.remove()
    const replies = Number(this.dataset.replies) + 1
    this.dataset.replies = String(replies)
    get(document, "#replies").textContent = counted(this, "replies", replies)
    if (authorOf(post) === this.dataset.viewer) {
      this.#say(word(this, "posted"))
      // By its id: the other of stream and live connection may have replaced it by then.
      requestAnimationFrame(() => document.getElementById(post.id)?.focus())
      return
    }
    this.#added += 1
    const name = post.querySelector(".byline-name")?.textContent ?? ""
    this.#say(this.#added === 1 ? word(this, "arrived", { name }) : counted(this, "new", this.#added))
    const pill = get(this, ".new-posts")
    get(pill, "span").textContent = counted(this, "new", this.#added)
    get(pill, "a", HTMLAnchorElement).href = this.#complete
      ? `#${post.id}`
      : `${location.pathname}?after=${this.dataset.seq}`
    pill.hidden = false
  }

  /**
   * Show in the head whether the question is answered: the post that is, or is no longer, the answer comes again.
   * @param {HTMLElement} post
   */
  #noteAnswer(post) {
    const accepted = post.classList.contains("post-answer")
    if (accepted) this.dataset.answer = idOf(post)
    else if (this.dataset.answer === idOf(post)) delete this.dataset.answer
    else return
    get(document, "#answered").hidden = !this.dataset.answer
    const repeated = document.getElementById("answer")
    if (!accepted || repeated?.querySelector(".post-acts a")?.getAttribute("href") !== `#${post.id}`) repeated?.remove()
  }

  get #complete() {
    return this.dataset.complete === "yes"
  }

  /** Arrange once for all the posts that are put in the list together. */
  #settle() {
    if (this.#arranging) return
    this.#arranging = true
    queueMicrotask(() => {
      this.#arranging = false
      this.#arrange()
    })
  }

  /** Mark what is the reader's: every reader gets the same posts. */
  #arrange() {
    const viewer = this.dataset.viewer ?? ""
    markReactions(this.#posts, viewer)
    joinToolbars(this.#posts)
    for (const link of /** @type {NodeListOf<HTMLElement>} */ (this.#posts.querySelectorAll(".byline-when"))) {
      link.tabIndex = -1 // the menu copies the same link
    }
    for (const post of /** @type {NodeListOf<HTMLElement>} */ (this.#posts.querySelectorAll(".post-gone"))) {
      this.#offerUndo(post)
    }
    for (const link of this.#posts.querySelectorAll(`a.mention[href="/people/${viewer}"]`)) {
      link.classList.add("mention-me")
    }
  }

  /**
   * Let the author put a retracted post back, and a moderator show a hidden one again.
   * @param {HTMLElement} post
   */
  #offerUndo(post) {
    const { author, state } = post.dataset
    const own = state === "retracted" && author === this.dataset.viewer
    if (post.querySelector("form") || !(own || (state === "hidden" && this.#may("hide")))) return
    if (own) get(post, "span").textContent = word(this, "retracted")
    const action = `/posts/${idOf(post)}/${own ? "restoring" : "hiding/delete"}`
    const button = make("button", { "data-undo": true }, word(this, own ? "undo" : "unhide"))
    get(post, "[data-act=acts]").before(make("form", { method: "post", action }, button))
  }

  /** @param {string} verb */
  #may(verb) {
    return this.dataset.may?.split(" ").includes(verb) ?? false
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

  // Clicks and forms

  /** Load the menu when the reader comes near the controls of a post. */
  #prepare = (/** @type {Event} */ { target }) => {
    if (/** @type {Element} */ (target).closest(".post-acts, .post-gone")) this.#loadMenu().catch(() => {})
  }

  #loadMenu() {
    this.#menu ??= import("base/acts-menu.js").then(
      ({ ActsMenu }) => new ActsMenu(this, { run: this.#run, say: this.#say }),
      (problem) => {
        this.#menu = undefined
        throw problem
      },
    )
    return this.#menu
  }

  /** @param {MouseEvent} event */
  #click = async (event) => {
    const target = /** @type {Element} */ (event.target)
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest("a[data-act]"))
    const post = /** @type {HTMLElement | null} */ (target.closest("[data-seq]"))
    if (target.closest(".new-posts")) this.#forgetNew()
    if (!link || !post || event.metaKey || event.ctrlKey) return
    event.preventDefault()
    if (link.dataset.act === "quote") return this.#run("quote", post)
    try {
      await (await this.#loadMenu()).open(link)
    } catch {
      location.assign(link.href) // the page of acts does the same
    }
  }

  #forgetNew() {
    this.#added = 0
    get(this, ".new-posts").hidden = true
  }

  /** @type {(act: string, post: HTMLElement) => boolean} */
  #run = (act, post) => {
    if (act !== "quote" || !document.querySelector("cop-composer")) return false
    this.#quote(post)
    return true
  }

  /** @param {HTMLElement} post */
  async #quote(post) {
    const quote = quoteOf(post)
    try {
      await import("threads/cop-composer.js")
    } catch {
      return location.assign(`${location.pathname}?reply_to=${quote.id}#reply`)
    }
    this.dispatchEvent(new CustomEvent("cop:quote", { bubbles: true, detail: quote }))
    this.#bringReply(post, quote.name)
  }

  /**
   * Bring the reply in view, with a link back to the post that is quoted.
   * @param {HTMLElement} post
   * @param {string} name
   */
  #bringReply(post, name) {
    const reply = get(document, "#reply")
    reply.querySelector(".quote-back")?.remove()
    const link = make("a", { href: `#${post.id}` }, word(this, "quoted", { name }))
    link.addEventListener("click", () => link.parentElement?.remove())
    reply.prepend(make("p", { class: "quote-back" }, link))
    reply.scrollIntoView({ block: "nearest", behavior: "smooth" })
  }

  /** @param {SubmitEvent} event */
  #submit = async (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target)
    const submitter = event.submitter
    if (submitter?.getAttribute("formmethod") === "dialog") return
    event.preventDefault()
    const menu = await this.#loadMenu().catch(() => undefined)
    if (menu) await menu.post(form, submitter)
    else form.submit()
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
