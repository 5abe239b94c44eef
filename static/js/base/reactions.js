// The reactions below posts and messages (templates/shared/reactions.html): which are the reader's own, and the arrow
// keys among the controls of one post.

/**
 * Mark the reactions of the reader: every reader gets the same buttons.
 * @param {ParentNode} root
 * @param {string} viewer the id of the reader
 */
export function markReactions(root, viewer) {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".reactions button"))) {
    button.ariaPressed = String(button.dataset.people?.split(" ").includes(viewer) ?? false)
  }
}

/**
 * Make each toolbar one stop of the Tab key; the arrow keys go on inside it.
 * @param {ParentNode} root
 */
export function joinToolbars(root) {
  for (const toolbar of root.querySelectorAll("[role=toolbar]")) {
    const controls = controlsOf(toolbar)
    const stop = controls.find((control) => control === document.activeElement) ?? controls[0]
    for (const control of controls) control.tabIndex = control === stop ? 0 : -1
  }
}

/**
 * Move the focus inside a toolbar; a `keydown` handler.
 * @param {KeyboardEvent} event
 */
export function moveInToolbar(event) {
  const target = /** @type {HTMLElement} */ (event.target)
  const toolbar = target.closest("[role=toolbar]")
  const step = { ArrowRight: 1, ArrowLeft: -1, Home: 0, End: -1 }[event.key]
  if (!toolbar || step === undefined || event.altKey || event.ctrlKey || event.metaKey) return
  const controls = controlsOf(toolbar)
  const from = event.key.startsWith("Arrow") ? controls.indexOf(target) : 0
  event.preventDefault()
  for (const control of controls) control.tabIndex = -1
  const to = controls[(from + step + controls.length) % controls.length]
  to.tabIndex = 0
  to.focus()
}

/** @param {Element} toolbar */
function controlsOf(toolbar) {
  const controls = /** @type {HTMLElement[]} */ ([...toolbar.querySelectorAll("a[href], button")])
  return controls.filter((control) => control.getClientRects().length > 0)
}
