// A thread that is being read: live replies without moving the page, the reading mark, and what is mine.
import { Place } from "base/live.js"
import { fragmentOf } from "base/place.js"

class CopThread extends HTMLElement {
  connectedCallback() {
    this.posts = this.querySelector("#posts")
    this.pill = this.querySelector(".new-posts")
    this.status = this.querySelector(":scope > [role=status]")
    this.dialog = this.querySelector("dialog")
    this.fresh = 0
    this.mine()
    this.divide()
    this.addEventListener("click", this.click)
    this.addEventListener("submit", this.submit)
    this.posts.addEventListener("cop:placed", this.placed)
    this.watch()
    this.place = new Place({
      name: this.dataset.place,
      seq: Number(this.dataset.seq),
      url: `${this.dataset.url}/posts`,
      target: this.posts,
      on: { gone: () => this.gone(), state: (state) => this.is(state) },
    }).open()
  }

  disconnectedCallback() {
    this.place?.close()
    this.seen?.disconnect()
    clearTimeout(this.timer)
  }

  // A stretch from the middle is not appended to: what is new stands on its last page.
  placed = (event) => {
    if (event.detail.again) return this.mine()
    if (this.dataset.complete === "no") event.target.remove()
    else this.watch()
    this.mine()
    if (authorOf(event.target) === this.dataset.viewer) return
    this.fresh += 1
    const words = this.fresh === 1 ? this.dataset.wordNewOne : this.dataset.wordNewMany.replace("{n}", this.fresh)
    this.pill.querySelector("span").textContent = words
    this.pill.querySelector("a").href =
      this.dataset.complete === "no" ? location.pathname + `?after=${this.dataset.seq}` : `#${event.target.id}`
    this.pill.hidden = false
  }

  // Everybody gets the same posts; whose they are, and what I chose, is marked here.
  mine() {
    for (const form of this.posts.querySelectorAll("form[data-people]")) {
      const on = form.dataset.people.split(" ").includes(this.dataset.viewer)
      form.querySelector("button").setAttribute("aria-pressed", on)
    }
    for (const gone of this.posts.querySelectorAll(
      `.post-gone[data-state=retracted][data-author="${this.dataset.viewer}"]`,
    )) {
      if (gone.querySelector("button")) continue
      const undo = document.createElement("button")
      undo.dataset.act = "restore"
      undo.textContent = this.dataset.wordUndo
      gone.querySelector("span").textContent = this.dataset.wordRetracted
      gone.querySelector("a").before(undo)
    }
    for (const link of this.posts.querySelectorAll(`a.mention[href="/people/${this.dataset.viewer}"]`))
      link.classList.add("mention-me")
  }

  // The line above the first post that I have not read.
  divide() {
    const mark = Number(this.dataset.mark)
    const first = [...this.posts.children].find(
      (post) => Number(post.dataset.seq) > mark && authorOf(post) !== this.dataset.viewer,
    )
    if (!mark || !first || !first.previousElementSibling) return
    const unread = [...this.posts.children].filter((post) => Number(post.dataset.seq) > mark).length
    const line = document.createElement("p")
    line.className = "first-unread"
    line.id = "first-unread"
    line.append(document.createElement("span"))
    line.firstChild.textContent =
      unread === 1 ? this.dataset.wordNewOne : this.dataset.wordNewMany.replace("{n}", unread)
    first.before(line)
    if (location.hash === "#first-unread") line.scrollIntoView()
  }

  // Read is what stood on the screen; the mark moves on the server a moment later, forward only.
  watch() {
    this.seen ??= new IntersectionObserver((entries) => {
      const seqs = entries.filter((entry) => entry.isIntersecting).map((entry) => Number(entry.target.dataset.seq))
      this.read = Math.max(this.read ?? Number(this.dataset.mark), ...seqs)
      if (this.read <= Number(this.dataset.mark)) return
      clearTimeout(this.timer)
      this.timer = setTimeout(() => this.mark(), 1_500)
    })
    for (const post of this.posts.querySelectorAll("[data-seq]")) this.seen.observe(post)
  }

  async mark() {
    const last = [...this.posts.querySelectorAll("[data-seq]")].at(-1)
    const upTo =
      this.dataset.complete === "yes" && last && this.read >= Number(last.dataset.seq) ? this.place.seq : this.read
    this.dataset.mark = upTo
    await send("PUT", `${this.dataset.url}/mark`, { seq: upTo }).catch(() => {})
  }

  click = async (event) => {
    const act = event.target.closest("[data-act]")?.dataset.act
    const post = event.target.closest("[id^=post-]")
    if (act === "quote") {
      event.preventDefault()
      this.dispatchEvent(new CustomEvent("cop:quote", { bubbles: true, detail: this.quoted(post) }))
    } else if (act === "restore") {
      await send("POST", `/api/v1/posts/${idOf(post)}/restoring`)
    } else if (event.target.closest(".new-posts")) {
      this.fresh = 0
      this.pill.hidden = true
    } else if (event.target.closest("a")?.pathname.endsWith("/acts") && !event.metaKey && !event.ctrlKey) {
      event.preventDefault()
      this.open(event.target.closest("a").href)
    } else if (event.target === this.dialog || event.target.closest("dialog [data-close]")) {
      this.dialog.close()
    }
  }

  // The passage that is selected in the post, else its beginning.
  quoted(post) {
    const selection = getSelection()
    const inside =
      selection.rangeCount && post.querySelector(".prose").contains(selection.getRangeAt(0).commonAncestorContainer)
    const text = (inside && selection.toString().trim()) || post.querySelector(".prose").innerText.trim().slice(0, 280)
    return { id: idOf(post), name: post.querySelector(".byline-name").textContent, text }
  }

  // What can be done with a post: its own page, shown over this one.
  async open(address) {
    const answer = await fetch(address, { headers: { Accept: "text/html" } })
    const acts = fragmentOf(await answer.text()).querySelector("#acts")
    if (!acts) return location.assign(address)
    const close = document.createElement("button")
    close.className = "button button-quiet"
    close.dataset.close = ""
    close.textContent = this.dataset.wordClose
    acts.append(close)
    this.dialog.replaceChildren(acts)
    this.dialog.showModal()
  }

  // Reactions answer in place; without script the form goes and comes back.
  submit = async (event) => {
    const form = event.target.closest("form[data-kind]")
    if (!form) return
    event.preventDefault()
    const on = form.querySelector("button").getAttribute("aria-pressed") === "true"
    await send(on ? "DELETE" : "PUT", `/api/v1${new URL(form.action).pathname}`)
  }

  is(state) {
    this.status.textContent = state === "polling" ? this.dataset.wordPolling : ""
  }

  gone() {
    this.posts.replaceChildren()
    this.status.textContent = this.dataset.wordGone
    document.querySelector("cop-composer")?.remove()
  }
}

const authorOf = (post) => post.querySelector("a.byline-name")?.pathname.split("/").at(-1)
const idOf = (post) => post.id.replace("post-", "")

function send(method, address, body) {
  return fetch(address, {
    method,
    headers: { Accept: "application/json", ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
  })
}

customElements.define("cop-thread", CopThread)
