// Custom elements are fetched when the page holds one.
const MODULES = {
  "cop-chat": "chat/cop-chat.js",
  "cop-composer": "threads/cop-composer.js",
  "cop-copy": "base/cop-copy.js",
  "cop-editor": "base/editor.js",
  "cop-mention": "base/mention.js",
  "cop-notices": "notices/cop-notices.js",
  "cop-thread": "threads/cop-thread.js",
  "cop-upload": "documents/cop-upload.js",
}

export function define() {
  for (const [tag, module] of Object.entries(MODULES)) {
    if (!customElements.get(tag) && document.querySelector(tag)) import(module)
  }
}
