/** Which release this is, from the package that the program lies in: `src` and `dist` have it in the same place. */
import { Schema } from "effect"
import { createRequire } from "node:module"

const Manifest = Schema.Struct({ version: Schema.String })

export const version: string = Schema.decodeUnknownSync(Manifest)(
  createRequire(import.meta.url)("../package.json"),
).version
