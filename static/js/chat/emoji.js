// A small set of emoji to insert in the text, in a popover above its button.
import { make } from "base/dom.js"

const EMOJI = [..."😀😂😉😊😍🤔😮😢😅🙄👍👎👏🙏💪👌👋🤝❤🎉🔥⭐✅❌❓💡📅📎🏠🔑☕🍀"]
const PER_ROW = 8
const GAP = 8

/** @type {WeakMap<HTMLElement, HTMLElement>} the popover of a button */
const made = new WeakMap()

/**
 * Show the emoji of a button, or hide them.
 * @param {HTMLElement} button
 * @param {string} label
 * @param {(emoji: string) => void} insert
 */
export function toggleEmoji(button, label, insert) {
  const popover = made.get(button) ?? makePopover(button, label, insert)
  made.set(button, popover)
  popover.togglePopover()
}

/**
 * @param {HTMLElement} button
 * @param {string} label
 * @param {(emoji: string) => void} insert
 */
function makePopover(button, label, insert) {
  const buttons = EMOJI.map((emoji, n) => make("button", { type: "button", tabindex: n ? -1 : 0 }, emoji))
  const popover = make(
    "div",
    { class: "emoji-list", popover: "auto", role: "dialog", "aria-label": label, "data-turbo-temporary": true },
    ...buttons,
  )
  button.after(popover)
  popover.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "open") return
    place(popover, button)
    buttons.find(({ tabIndex }) => tabIndex === 0)?.focus()
  })
  popover.addEventListener("click", ({ target }) => {
    const chosen = buttons.find((one) => one === target)
    if (!chosen) return
    popover.hidePopover()
    insert(chosen.textContent ?? "")
  })
  popover.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement))
    /** @type {Record<string, number>} */
    const steps = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      ArrowDown: at + PER_ROW,
      ArrowUp: at - PER_ROW,
      Home: 0,
      End: buttons.length - 1,
    }
    const next = buttons[steps[event.key]]
    if (!(event.key in steps)) return
    event.preventDefault()
    if (!next) return
    for (const one of buttons) one.tabIndex = one === next ? 0 : -1
    next.focus()
  })
  return popover
}

/**
 * Put the popover above its button, inside the window.
 * @param {HTMLElement} popover
 * @param {HTMLElement} button
 */
function place(popover, button) {
  const { left, top } = button.getBoundingClientRect()
  const most = document.documentElement.clientWidth - popover.offsetWidth - GAP
  popover.style.left = `${Math.max(GAP, Math.min(left, most))}px`
  popover.style.top = `${Math.max(GAP, top - popover.offsetHeight - GAP)}px`
}
