// What somebody types is kept: in the browser at once, on the server a moment later; both survive a reload.

const PAUSE = 1_500

export class Draft {
  // place: `thread:7`; form: the form whose named fields are kept; keys: which of them.
  constructor(place, form, keys, saved) {
    // With the person, who may be another one next time: of a session that ended by itself the draft stays.
    const viewer = document.querySelector("[data-viewer]").dataset.viewer
    Object.assign(this, { place, form, keys, saved, key: `cop-draft:${viewer}:${place}` })
    this.note = () => this.keep()
    form.addEventListener("input", this.note)
    this.restore()
  }

  fields() {
    const data = new FormData(this.form)
    return Object.fromEntries(
      this.keys.map((name) => [
        name,
        name === "files" || name === "sources" ? data.getAll(name) : (data.get(name) ?? ""),
      ]),
    )
  }

  // Only into an empty form: what the server rendered (its own draft, or a refused post) is newer.
  restore() {
    const kept = localStorage.getItem(this.key)
    if (!kept || this.fields().body) return
    const fields = JSON.parse(kept)
    if (!fields.body) delete fields.reply_to // an answer to somebody without a word in it was let go
    for (const [name, value] of Object.entries(fields)) {
      const field = this.form.elements[name]
      if (field && "value" in field && !Array.isArray(value)) field.value = value
    }
    this.form.dispatchEvent(new CustomEvent("cop:restored", { bubbles: true }))
  }

  keep() {
    const fields = this.fields()
    localStorage.setItem(this.key, JSON.stringify(fields))
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.send(fields), PAUSE)
  }

  async send(fields) {
    try {
      const answer = await fetch(`/api/v1/drafts/${this.place}`, {
        method: "PUT",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ fields }),
      })
      if (answer.ok) this.saved?.(new Date())
    } catch {
      // The browser's copy stands; the next change sends again.
    }
  }

  clear() {
    clearTimeout(this.timer)
    localStorage.removeItem(this.key)
  }

  close() {
    clearTimeout(this.timer)
    this.form.removeEventListener("input", this.note)
  }
}
