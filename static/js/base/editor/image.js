// Putting a picture in the text: chosen, pasted or dropped, it is described first, then uploaded, then inserted
// by its own address.

import { InlineForm } from "base/editor/form.js"
import { viewerHeader } from "base/http.js"
import { Selection } from "vendor/editor.js"

const TYPES = ["image/png", "image/jpeg", "image/webp", "image/gif"]

/** @typedef {import("base/editor/surface.js").Surface} Surface */

/**
 * Return the pictures among files that were pasted or dropped.
 * @param {Iterable<File>} files
 */
export function picturesAmong(files) {
  return [...files].filter(({ type }) => TYPES.includes(type))
}

/**
 * Upload a picture as a draft: return its address, or the words of the refusal, empty where there are none.
 * @param {string} address
 * @param {File} file
 * @returns {Promise<{ src?: string, refused?: string }>}
 */
async function upload(address, file) {
  const body = new FormData()
  body.append("file", file)
  body.append("draft", "1")
  body.append("inline", "1")
  try {
    const headers = { Accept: "application/json", ...viewerHeader() }
    const response = await fetch(address, { method: "POST", body, headers })
    const { id, errors = {}, detail = "" } = await response.json()
    return response.ok ? { src: `/files/${id}/content` } : { refused: Object.values(errors)[0] ?? detail }
  } catch {
    return { refused: "" } // no connection, or a response of something in between
  }
}

/**
 * Add the two ways to describe a picture: in words, or as decoration.
 * @param {InlineForm} form
 */
function description(form) {
  const alt = form.input("image-alt", { type: "text", autocomplete: "off" })
  const decorative = form.input("image-decorative", { type: "checkbox" })
  decorative.addEventListener("change", () => {
    alt.disabled = decorative.checked
  })
  return {
    alt,
    decorative,
    get missing() {
      return !decorative.checked && !alt.value.trim()
    },
    get words() {
      return decorative.checked ? "" : alt.value.trim()
    },
  }
}

/**
 * Open the form for a new picture, or for the description of the one that is selected.
 * @param {Surface} surface
 */
export function editImage(surface) {
  return surface.editor.isActive("image") ? describeAgain(surface) : insertImage(surface)
}

/** @param {Surface} surface */
function describeAgain(surface) {
  const { editor } = surface
  const form = new InlineForm(surface, "image", () => {
    if (about.missing) return form.fail(surface.word("image-alt-needed"), about.alt)
    form.close()
    editor.chain().focus().updateAttributes("image", { alt: about.words }).run()
  })
  const about = description(form)
  about.alt.value = editor.getAttributes("image").alt
  about.decorative.checked = about.alt.disabled = !about.alt.value
  return form.open("image-apply")
}

/**
 * Put the caret behind the picture: while the picture is selected, typing would replace it.
 * @param {import("vendor/editor.js").Editor} editor
 */
function goOnBehind({ state, view }) {
  view.dispatch(state.tr.setSelection(Selection.near(state.doc.resolve(state.selection.to), 1)))
}

/**
 * Open the form for `file`, or to choose one; return a promise that is settled when the form closes.
 * @param {Surface} surface
 * @param {File} [file]
 */
export function insertImage(surface, file) {
  const { editor, uploads = "" } = surface
  let busy = false
  const form = new InlineForm(surface, "image", async () => {
    const picture = file ?? chooser?.files?.[0]
    if (!picture) return form.fail(surface.word("image-file-needed"), chooser)
    if (about.missing) return form.fail(surface.word("image-alt-needed"), about.alt)
    if (busy) return
    busy = true
    surface.setStatus(surface.word("image-uploading"))
    const { src, refused } = await upload(uploads, picture)
    busy = false
    surface.setStatus("")
    if (!form.root.isConnected) return // cancelled meanwhile; the server removes drafts
    if (!src) return form.fail(refused || surface.word("image-failed"), chooser)
    form.close()
    editor.chain().focus().setImage({ src, alt: about.words }).run()
    goOnBehind(editor)
  })
  const chooser = file ? null : form.input("image-file", { type: "file", accept: TYPES.join() })
  if (file) form.note(file.name)
  const about = description(form)
  return form.open("image-apply")
}
