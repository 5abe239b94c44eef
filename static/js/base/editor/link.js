// Making and changing a link.
import { InlineForm } from "base/editor/form.js"
import { linkable } from "base/editor/schema.js"

/**
 * Complete a short web or mail address: "example.org" becomes "https://example.org".
 * @param {string} address
 */
function complete(address) {
  if (/^[^\s@/:]+@[^\s@/:]+$/.test(address)) return `mailto:${address}`
  return /^([a-z][a-z0-9+.-]*:(?!\d)|\/)/i.test(address) ? address : `https://${address}`
}

/**
 * Open the form for the link at the selection.
 * @param {import("base/editor/surface.js").Surface} surface
 */
export function editLink(surface) {
  const { editor } = surface
  if (editor.isActive("link")) editor.commands.extendMarkRange("link")
  const { from, to } = editor.state.selection
  const selected = editor.state.doc.textBetween(from, to, " ")

  const form = new InlineForm(surface, "link", () => {
    const href = complete(address.value.trim())
    if (!address.value.trim() || !linkable(href)) return form.fail(surface.word("link-bad"), address)
    form.close()
    const words = text.value.trim() || href
    const chain = editor.chain().focus()
    // Unchanged words keep their own marks, bold among them.
    if (words !== selected) chain.insertContentAt({ from, to }, { type: "text", text: words })
    const end = words === selected ? to : from + words.length
    chain.setTextSelection({ from, to: end }).setLink({ href }).setTextSelection(end).unsetMark("link").run()
  })
  const text = form.input("link-text", { type: "text", autocomplete: "off" })
  const address = form.input("link-address", { type: "text", inputmode: "url", autocomplete: "off" })
  text.value = selected
  address.value = editor.getAttributes("link").href ?? ""

  const remove = form.button("link-remove", () => {
    form.close()
    editor.chain().focus().unsetLink().run()
  })
  form.open("link-apply", ...(editor.isActive("link") ? [remove] : []))
}
