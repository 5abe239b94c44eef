// <cop-asked>: the questions of a new thread, which differ by its kind. Those of a kind without questions are hidden, but
// not where something was typed in them: it is sent all the same.
//
//   <cop-asked data-labels='{"question": {"wanted": "Wat zoekt u?"}}'><textarea name="wanted">…</cop-asked>

class CopAsked extends HTMLElement {
  #attached = new AbortController()

  connectedCallback() {
    this.#attached = new AbortController()
    const { signal } = this.#attached
    for (const change of ["change", "reset", "cop:restored"]) {
      this.closest("form")?.addEventListener(change, () => setTimeout(() => this.#ask()), { signal })
    }
    this.#ask()
  }

  disconnectedCallback() {
    this.#attached.abort()
  }

  #ask() {
    const form = this.closest("form")
    const kind = form && new FormData(form).get("kind")
    const labels = JSON.parse(this.dataset.labels ?? "{}")[String(kind)] ?? {}
    for (const field of this.querySelectorAll("textarea")) {
      const words = labels[field.name]
      const place = field.closest("cop-asked > div")
      if (place instanceof HTMLElement) place.hidden = !words && !field.value
      const label = place?.querySelector("label")
      if (words && label?.firstChild) label.firstChild.textContent = `${words} `
    }
  }
}

customElements.define("cop-asked", CopAsked)
