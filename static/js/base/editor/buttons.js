// What the buttons of the toolbar do, in their order; data-word-<name> gives the word of each.
import { editImage } from "base/editor/image.js"
import { editLink } from "base/editor/link.js"

/** @typedef {(chain: import("vendor/editor.js").Chain) => import("vendor/editor.js").Chain} Command */

/**
 * A button: runs a command, or opens a form.
 * @typedef {object} Button
 * @property {string} name
 * @property {Command} [command]
 * @property {(surface: import("base/editor/surface.js").Surface) => unknown} [open]
 * @property {(editor: import("vendor/editor.js").Editor) => boolean} [pressed] whether it applies to the selection
 */

/**
 * Return the button for a heading.
 * @param {number} level
 * @returns {Button}
 */
const heading = (level) => ({
  name: `heading-${level}`,
  command: (chain) => chain.toggleHeading({ level }),
  pressed: (editor) => editor.isActive("heading", { level }),
})

/**
 * Return a button for a mark or a node of the document.
 * @param {string} name
 * @param {string} node
 * @param {Command} command
 * @returns {Button}
 */
const toggle = (name, node, command) => ({ name, command, pressed: (editor) => editor.isActive(node) })

/**
 * Groups of buttons; a group with `during` is shown only where the selection is in that node.
 * @type {{ during?: string, buttons: Button[] }[]}
 */
export const GROUPS = [
  {
    buttons: [
      toggle("bold", "bold", (chain) => chain.toggleBold()),
      toggle("italic", "italic", (chain) => chain.toggleItalic()),
      toggle("strike", "strike", (chain) => chain.toggleStrike()),
      toggle("code", "code", (chain) => chain.toggleCode()),
    ],
  },
  {
    buttons: [
      toggle("bullet-list", "bulletList", (chain) => chain.toggleBulletList()),
      toggle("ordered-list", "orderedList", (chain) => chain.toggleOrderedList()),
      toggle("quote", "blockquote", (chain) => chain.toggleBlockquote()),
    ],
  },
  {
    during: "listItem",
    buttons: [
      { name: "list-indent", command: (chain) => chain.sinkListItem("listItem") },
      { name: "list-outdent", command: (chain) => chain.liftListItem("listItem") },
    ],
  },
  {
    buttons: [
      { name: "link", open: editLink, pressed: (editor) => editor.isActive("link") },
      { name: "image", open: editImage, pressed: (editor) => editor.isActive("image") },
      { name: "table", command: (chain) => chain.insertTable({ rows: 3, cols: 2, withHeaderRow: true }) },
    ],
  },
  { buttons: [heading(2), heading(3), heading(4)] },
  {
    during: "table",
    buttons: [
      { name: "row-add", command: (chain) => chain.addRowAfter() },
      { name: "row-remove", command: (chain) => chain.deleteRow() },
      { name: "column-add", command: (chain) => chain.addColumnAfter() },
      { name: "column-remove", command: (chain) => chain.deleteColumn() },
      { name: "table-remove", command: (chain) => chain.deleteTable() },
    ],
  },
  {
    buttons: [
      { name: "undo", command: (chain) => chain.undo() },
      { name: "redo", command: (chain) => chain.redo() },
    ],
  },
]
