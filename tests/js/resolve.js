// Has Node resolve the bare imports of static/js as the import map of a page does (node --import ./resolve.js --test).
import { register } from "node:module"

register("./hooks.js", import.meta.url)
