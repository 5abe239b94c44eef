// Bundles the pinned libraries: `node build.js OUT` writes the files as they lie in the repository. See bin/vendor.
import { build } from "esbuild"
import { createHash } from "node:crypto"
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises"
import { dirname, join, resolve } from "node:path"
import { licences } from "./licences.js"

const out = resolve(process.argv[2])
const vendored = ["turbo.js", "socket.io.js", "editor.js"].map((name) => `static/vendor/${name}`)
const axe = "tests/browser/vendor/axe.min.js"

// Turbo puts the style of its progress bar in the page when it is loaded; `style-src 'self'` refuses that.
// Ours stands in our own style sheet.
const withoutInlineStyle = {
  name: "turbo-without-inline-style",
  setup(bundle) {
    bundle.onLoad({ filter: /@hotwired\/turbo\/dist\/.*\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8")
      const parts = source.split("this.installStylesheetElement();")
      if (parts.length !== 2) throw new Error("Turbo no longer installs its style where build.js expects it")
      return { contents: parts.join("") }
    })
  },
}

// The server refuses polling. Its transport also listens for `unload`, which keeps a page out of the
// browser's back-forward cache.
const websocketOnly = {
  name: "websocket-only",
  setup(bundle) {
    bundle.onLoad({ filter: /engine\.io-client\/build\/esm\/transports\/index\.js$/ }, ({ path }) => ({
      contents: `import { WS } from "./websocket.js"; export const transports = { websocket: WS };`,
      resolveDir: dirname(path),
    }))
    bundle.onLoad(
      { filter: /engine\.io-client\/build\/esm\/transports\/(polling|webtransport).*\.js$/ },
      () => ({
        contents: "export const [Fetch, XHR, WT] = [];",
      }),
    )
  },
}

const { metafile } = await build({
  entryPoints: ["turbo.js", "socket.io.js", "editor.js"],
  outdir: join(out, "static/vendor"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "eof",
  metafile: true,
  logLevel: "warning",
  plugins: [withoutInlineStyle, websocketOnly],
})

await mkdir(join(out, dirname(axe)), { recursive: true })
await copyFile("node_modules/axe-core/axe.min.js", join(out, axe))

await writeFile(join(out, "static/vendor/LICENCES.md"), await licences(metafile, { [axe]: ["axe-core"] }))

const sums = [...vendored, axe].map(async (path) => {
  const sum = createHash("sha256")
    .update(await readFile(join(out, path)))
    .digest("hex")
  return `${sum}  ${path}\n`
})
await writeFile(join(out, "static/vendor/CHECKSUMS"), (await Promise.all(sums)).join(""))
