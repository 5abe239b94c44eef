// Files that are dropped or pasted anywhere on the page. The browser never leaves the page to open one; what becomes of
// them is in base/file-takers.js, which is fetched when somebody brings files.

/**
 * Return whether what is dragged or pasted is files. An office program sends a picture of a text along with the text;
 * a file manager sends the names of the files.
 * @param {DataTransfer | null} data
 */
export function hasFiles(data) {
  if (!data?.types.includes("Files")) return false
  const lines = data.getData("text/plain").split(/[\r\n]+/)
  const names = [...data.files].map(({ name }) => name)
  return lines.every((line) => !line.trim() || names.some((name) => line.trim().endsWith(name)))
}

/**
 * Take what people drop or paste on this page.
 * @param {() => Promise<unknown>} load loads the modules of all zones of the page
 */
export function watchOfferedFiles(load) {
  /** @type {Promise<typeof import("base/file-takers.js")> | undefined} */
  let loading
  const fetchTakers = () => {
    loading ??= import("base/file-takers.js")
    loading.catch(() => {
      loading = undefined // no connection: the next event tries again
    })
    return loading
  }
  /** @param {EventTarget | null} [target] */
  const showOver = (target) => loading?.then((takers) => takers.showOver(target)).catch(() => {})
  /**
   * @param {File[]} files
   * @param {DragEvent | ClipboardEvent} event
   * @param {File[]} [refused] what no zone can take
   */
  const offer = async (files, event, refused = []) => {
    const { target } = event
    const [takers] = await Promise.all([fetchTakers(), load()])
    takers.offer(files, event, target, refused)
  }
  document.addEventListener("dragenter", ({ dataTransfer }) => {
    if (!dataTransfer?.types.includes("Files")) return
    fetchTakers()
    load()
  })
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files") || isChooser(event.target)) return showOver()
    event.preventDefault()
    event.dataTransfer.dropEffect = "copy" // also where nothing takes it, or no drop would follow to be refused in words
    showOver(event.target)
  })
  document.addEventListener("dragleave", ({ relatedTarget }) => relatedTarget || showOver())
  document.addEventListener("drop", (event) => {
    showOver()
    if (event.defaultPrevented || isChooser(event.target) || !event.dataTransfer?.types.includes("Files")) return
    event.preventDefault()
    const folders = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()?.isDirectory)
    const files = [...event.dataTransfer.files]
    const inside = files.filter((_file, n) => !folders[n])
    offer(inside, event, files.length > inside.length ? files.filter((_file, n) => folders[n]) : [])
  })
  document.addEventListener("paste", (event) => {
    if (event.defaultPrevented || !hasFiles(event.clipboardData)) return
    event.preventDefault()
    offer([...(event.clipboardData?.files ?? [])], event)
  })
}

/** @param {EventTarget | null} target */
const isChooser = (target) => target instanceof Element && target.matches("input[type=file]")
