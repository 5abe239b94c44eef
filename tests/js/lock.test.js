// The tools of these checks are pinned, and the lock file names no registry.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"))
const { packages } = read("package-lock.json")

test("every tool has the version that package.json asks for", () => {
  for (const [name, version] of Object.entries(read("package.json").devDependencies)) {
    assert.equal(packages[`node_modules/${name}`].version, version)
  }
})

test("every package has a checksum, and none the address of a registry", () => {
  for (const [path, { integrity, resolved }] of Object.entries(packages)) {
    if (path) assert.ok(integrity, path)
    assert.equal(resolved, undefined, path)
  }
})
