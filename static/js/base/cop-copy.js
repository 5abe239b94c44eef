// A link whose button copies its full address.
class CopCopy extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.copy)
  }

  copy = async (event) => {
    const link = event.target.closest("a")
    if (!link) return
    event.preventDefault()
    await navigator.clipboard.writeText(link.href)
    this.querySelector("[role=status]").textContent = this.dataset.wordCopied
  }
}

customElements.define("cop-copy", CopCopy)
