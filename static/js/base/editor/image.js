// Putting a picture in the text: chosen, pasted or dropped, it is described first, then uploaded, then inserted
// by its own address.
import { Selection } from "vendor/editor.js"
import { InlineForm } from "base/editor/form.js"

const TYPES = ["image/png", "image/jpeg", "image/webp", "image/gif"]

/** The pictures among files that were pasted or dropped. */
export function picturesAmong(files) {
  return [...files].filter(({ type }) => TYPES.includes(type))
}

/** Sends a picture as a draft: `{src}`, or `{refused}` with the server's words, empty where it gave none. */
async function upload(address, file) {
  const body = new FormData()
  body.append("file", file)
  body.append("draft", "1")
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } })
    const { id, errors = {}, detail = "" } = await answer.json()
    return answer.ok ? { src: `/files/${id}/content` } : { refused: Object.values(errors)[0] ?? detail }
  } catch {
    return { refused: "" } // no connection, or an answer that is not ours
  }
}

/** The two ways to describe a picture: in words, or as mere decoration. */
function description(form) {
  const alt = form.input("image-alt", { type: "text", autocomplete: "off" })
  const decorative = form.input("image-decorative", { type: "checkbox" })
  decorative.addEventListener("change", () => (alt.disabled = decorative.checked))
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

/** Opens the form for a new picture, or for the words at the one that is selected. */
export function editImage(surface) {
  return surface.editor.isActive("image") ? describeAgain(surface) : insertImage(surface)
}

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

/** Typing goes on behind the picture; while it is selected it would be replaced. */
function goOnBehind({ state, view }) {
  view.dispatch(state.tr.setSelection(Selection.near(state.doc.resolve(state.selection.to), 1)))
}

/** Opens the form for `file`, or to choose one; the promise is kept when the picture stands there or is not to. */
export function insertImage(surface, file) {
  const { editor, uploads } = surface
  const form = new InlineForm(surface, "image", async () => {
    const picture = file ?? chooser.files[0]
    if (!picture) return form.fail(surface.word("image-file-needed"), chooser)
    if (about.missing) return form.fail(surface.word("image-alt-needed"), about.alt)
    if (form.busy) return
    form.busy = true
    surface.say(surface.word("image-uploading"))
    const { src, refused } = await upload(uploads, picture)
    form.busy = false
    surface.say("")
    if (!form.root.isConnected) return // given up meanwhile; the server clears drafts away
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
