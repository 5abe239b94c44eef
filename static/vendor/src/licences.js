// Writes LICENCES.md: for each vendored file the packages in it, with their licences and copyright lines.
import { readFile, readdir } from "node:fs/promises"
import { join } from "node:path"

/** The package that a bundled file belongs to: `node_modules/@a/b/dist/c.js` → `@a/b`. */
function packageOf(path) {
  return path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]
}

/** Version, licence and copyright holder of an installed package. */
async function describe(name) {
  const folder = join("node_modules", name)
  const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"))
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e(\.md|\.txt)?$/i.test(entry))
  const text = file ? await readFile(join(folder, file), "utf8") : ""
  const holder =
    text.match(/^\s*(copyright \(c\).*)$/im)?.[1] ?? about.author?.name ?? about.author ?? about.homepage
  return `| ${name} | ${about.version} | ${about.license} | ${holder} |`
}

/** The whole of LICENCES.md, from esbuild's metafile and a map of copied files to their packages. */
export async function licences(metafile, copied) {
  const files = Object.entries(metafile.outputs).map(([path, { inputs }]) => {
    const used = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    return [
      path.slice(path.indexOf("static/vendor/")),
      new Set(used.map(([input]) => packageOf(input)).filter(Boolean)),
    ]
  })
  files.push(...Object.entries(copied))

  const sections = files.map(async ([path, packages]) => {
    const rows = await Promise.all([...packages].sort().map(describe))
    return `## ${path}\n\n| package | version | licence | copyright |\n|---|---|---|---|\n${rows.join("\n")}\n`
  })
  const mit = await readFile("licence-mit.txt", "utf8")
  return `# Licences of the vendored files

Written by \`bin/vendor\`; do not edit. Changed while bundling: Turbo does not put a style element in the page,
and of the Socket.IO client only the websocket transport is kept (both in \`src/build.js\`).
axe-core is unchanged, used by the tests only; its source: <https://github.com/dequelabs/axe-core>.

${(await Promise.all(sections)).join("\n")}
## The MIT licence

${mit.trim()}
`
}
