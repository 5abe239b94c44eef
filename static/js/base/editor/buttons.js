// What the toolbar's buttons do, in the order in which they stand; data-word-<name> gives the word of each.
import { editImage } from "base/editor/image.js"
import { editLink } from "base/editor/link.js"

const heading = (level) => ({
  name: `heading-${level}`,
  command: (chain) => chain.toggleHeading({ level }),
  pressed: (editor) => editor.isActive("heading", { level }),
})
const mark = (name, command) => ({ name, command, pressed: (editor) => editor.isActive(name) })
const block = (name, node, command) => ({ name, command, pressed: (editor) => editor.isActive(node) })

/** Groups of buttons; `during` names the node in which a group is of use, elsewhere it is hidden. */
export const GROUPS = [
  { buttons: [heading(2), heading(3), heading(4)] },
  {
    buttons: [
      mark("bold", (chain) => chain.toggleBold()),
      mark("italic", (chain) => chain.toggleItalic()),
      mark("strike", (chain) => chain.toggleStrike()),
      mark("code", (chain) => chain.toggleCode()),
    ],
  },
  {
    buttons: [
      block("bullet-list", "bulletList", (chain) => chain.toggleBulletList()),
      block("ordered-list", "orderedList", (chain) => chain.toggleOrderedList()),
      block("quote", "blockquote", (chain) => chain.toggleBlockquote()),
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
