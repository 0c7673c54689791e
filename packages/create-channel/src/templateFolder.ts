/** Where the templates lie: beside `src` in the repository, beside `dist` in the published package. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Refusal } from "./Refusal.ts"

export const templateFolder = fileURLToPath(new URL("../template/", import.meta.url))

/** The version of this package, which is that of every OpenCX package released with it. */
export const ownVersion = (): string => {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8")
  const [, version] = /"version":\s*"([^"]+)"/.exec(text) ?? []
  if (version === undefined)
    throw new Refusal("This copy of @opencx/create-channel has no version.", "Install it again.")
  return version
}
