// <cop-rounds>: the open round of a meeting. Its answers are fetched again whenever one comes; what somebody types stays,
// and where another round began or this one was closed, a button shows it.

import { get } from "base/dom.js"
import { Place } from "base/live.js"
import { changeOf } from "base/place.js"
import * as Turbo from "vendor/turbo.js"

class CopRounds extends HTMLElement {
  /** @type {Place | undefined} */
  #place

  connectedCallback() {
    const { place = "", seq = 0, url = "" } = this.dataset
    const change = (/** @type {number} */ seq) => this.#changed(seq)
    this.#place = new Place({ name: place, seq: Number(seq), url, target: this, on: { change } }).open()
    get(this, "[data-other] button").addEventListener("click", this.#reload)
  }

  disconnectedCallback() {
    this.#place?.close()
    get(this, "[data-other] button").removeEventListener("click", this.#reload)
  }

  #reload = () => Turbo.visit(location.href, { action: "replace" })

  /**
   * An event says that something changed, and not what: the answers are those that this reader may read.
   * @param {number} seq
   */
  #changed(seq) {
    this.dataset.seq = String(seq) // for a page that Turbo keeps
    const now = get(this, "#rounds-now")
    if (changeOf(now) < seq) this.#place?.catchUp(seq)
    else get(this, "[data-other]").hidden = now.dataset.round === this.dataset.round
  }
}

customElements.define("cop-rounds", CopRounds)
