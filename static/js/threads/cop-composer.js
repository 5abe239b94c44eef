// Where a thread or a reply is written: kept while typed, posted once, resumed after an expired sign-in.
import { Draft } from "base/drafts.js"
import { fragmentOf } from "base/place.js"
import * as Turbo from "vendor/turbo.js"

const FIELDS = ["kind", "title", "body", "format", "client_id", "reply_to", "sources", "files"]

class CopComposer extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form")
    this.status = this.querySelector(".saved")
    this.key = this.form.elements.client_id
    if (this.key && !this.key.value) this.key.value = crypto.randomUUID()
    this.draft = new Draft(this.dataset.place, this.form, FIELDS, (at) =>
      this.say(
        this.dataset.wordSaved.replace(
          "{time}",
          at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }),
        ),
      ),
    )
    this.form.addEventListener("submit", this.submit)
    this.form.addEventListener("keydown", this.keys)
    document.addEventListener("cop:quote", this.quote)
  }

  disconnectedCallback() {
    this.draft.close()
    document.removeEventListener("cop:quote", this.quote)
  }

  say(words, link) {
    this.status.replaceChildren(words)
    if (link) this.status.append(" ", link)
  }

  // Ctrl+Enter posts, as in every mail program.
  keys = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.form.requestSubmit()
  }

  quote = ({ detail }) => {
    this.replyTo(detail.id)
    const editor = this.querySelector("cop-editor")
    const passage = document.createElement("p")
    passage.textContent = detail.text
    editor.insertQuote(passage.outerHTML, detail.name)
  }

  // The line above the text names the post that the page was opened for; what is quoted names itself.
  replyTo(id) {
    if (this.form.elements.reply_to) this.form.elements.reply_to.value = id
    this.querySelector(".composer-quote")?.remove()
  }

  submit = async (event) => {
    event.preventDefault()
    if (this.busy) return
    this.busy = true
    this.say(this.dataset.wordSending)
    try {
      const answer = await fetch(this.form.action, {
        method: "POST",
        headers: { Accept: "text/vnd.turbo-stream.html, text/html" },
        body: new URLSearchParams(new FormData(this.form)),
      })
      await this.answered(answer)
    } catch {
      this.say(this.dataset.wordFailed)
    } finally {
      this.busy = false
    }
  }

  async answered(answer) {
    if (answer.redirected && new URL(answer.url).pathname === "/sign-in") return this.signIn()
    const text = await answer.text()
    if (!answer.ok) return this.refused(answer, text)
    this.draft.clear()
    if (answer.redirected) return Turbo.visit(answer.url)
    Turbo.renderStreamMessage(text)
    this.form.reset()
    this.replyTo("") // a hidden field is not reset
    this.querySelector("cop-editor").clear()
    for (const added of this.form.querySelectorAll("input[name=files]")) added.remove()
    if (this.key) this.key.value = crypto.randomUUID()
    this.say("")
  }

  // The page that came back holds the words beside the fields; the rest of what was typed stays here.
  refused(answer, text) {
    const page = fragmentOf(text)
    this.querySelector(".errors")?.remove()
    this.form.before(page.querySelector(".errors, main > p, .stopped p") ?? this.dataset.wordFailed)
    for (const said of page.querySelectorAll(".field-error")) {
      const field = this.form.querySelector(`[aria-describedby~="${said.id}"], #${said.id.replace(/-error$/, "")}`)
      document.getElementById(said.id)?.remove()
      field?.closest(".field")?.append(said)
      field?.setAttribute("aria-invalid", "true")
    }
    this.say("")
    this.previousElementSibling?.focus?.()
    if (answer.status >= 500) this.say(this.dataset.wordFailed)
  }

  signIn() {
    const link = document.createElement("a")
    link.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`
    link.textContent = this.dataset.wordSigninLink
    this.say(this.dataset.wordSignin, link)
    this.draft.keep()
  }
}

customElements.define("cop-composer", CopComposer)
