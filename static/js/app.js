// Starts every page: the trusted-types policy first, then Turbo, then the elements this page holds.
import { WORKER } from "base/trusted.js"
import * as Turbo from "vendor/turbo.js"
import { placeAll } from "base/place.js"
import { define } from "base/elements.js"

Turbo.config.drive.progressBarDelay = 300
Turbo.StreamActions.place = function () {
  for (const target of this.targetElements) placeAll(target, this.templateContent)
}
// Signing out leaves nothing behind: the snapshots Turbo keeps and the drafts of this browser.
document.addEventListener("submit", (event) => {
  if (!event.target.matches('[action^="/sign-out"]')) return
  Turbo.cache.clear()
  for (const key of Object.keys(localStorage)) if (key.startsWith("cop-draft:")) localStorage.removeItem(key)
})
// Where a browser refuses a worker, its own words about the network are what people get.
navigator.serviceWorker?.register(WORKER).catch(() => {})
document.addEventListener("turbo:load", define)
document.addEventListener("turbo:render", define)
define()
