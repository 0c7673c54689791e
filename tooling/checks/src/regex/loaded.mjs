// `node loaded.mjs FILE…`: loads each module and prints the regular expressions that it makes by `new RegExp` or `RegExp()`.
// Plain JavaScript, so that nothing stands between it and the modules.
import { pathToFileURL } from "node:url"

const notes = []
const Original = globalThis.RegExp

/** The module that asked: the outermost frame of this repository that is not this file. */
const askedBy = (files) => {
  const stack = String(new Error().stack)
  return files.find((file) => stack.includes(pathToFileURL(file).href) || stack.includes(file)) ?? null
}

const files = process.argv.slice(2)
const note = (made) => {
  const file = askedBy(files)
  if (file !== null) notes.push({ file, source: made.source, flags: made.flags })
  return made
}
globalThis.RegExp = new Proxy(Original, {
  construct: (target, args) => note(Reflect.construct(target, args)),
  apply: (target, self, args) => note(Reflect.apply(target, self, args)),
})
for (const file of files) await import(pathToFileURL(file).href)
process.stdout.write(JSON.stringify(notes))
