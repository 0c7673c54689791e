/** Writes a channel plugin package. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { checkId, checkName, checkTitle } from "./names.ts"
import { Refusal } from "./Refusal.ts"
import type { ChannelRequest } from "./Request.ts"
import { checkTokens, fill, tokensOf } from "./tokens.ts"
import { ownVersion, templateFolder } from "./templateFolder.ts"
import { publicPath } from "./storedNames.ts"

/** What was written. */
export interface Created {
  readonly directory: string
  /** Paths below it, sorted. */
  readonly files: ReadonlyArray<string>
}

const filesBelow = (folder: string, at = ""): ReadonlyArray<string> =>
  readdirSync(join(folder, at), { withFileTypes: true }).flatMap((entry) => {
    const path = at === "" ? entry.name : `${at}/${entry.name}`
    return entry.isDirectory() ? filesBelow(folder, path) : [path]
  })

const read = (folder: string): ReadonlyArray<readonly [string, string]> =>
  filesBelow(folder).map((file) => [publicPath(file), readFileSync(join(folder, file), "utf8")])

/** The package as text, path → content: the same for the same request. Refuses names that cannot be used. */
export const renderChannel = (request: ChannelRequest): ReadonlyMap<string, string> => {
  checkName(request.name)
  checkId(request.id)
  checkTitle(request.title)
  const tokens = tokensOf(request, ownVersion())
  checkTokens(tokens)
  const license = join(templateFolder, "licenses", request.license)
  const stored = [
    ...read(join(templateFolder, "base")),
    ...read(join(templateFolder, request.providerAuth)),
    ...(request.license === "UNLICENSED" ? [] : [["LICENSE", readFileSync(license, "utf8")] as const]),
  ]
  return new Map(
    stored
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, text]) => [path, fill(text, tokens)] as const),
  )
}

const refuseOccupied = (directory: string): void => {
  if (!existsSync(directory)) return
  if (!statSync(directory).isDirectory())
    throw new Refusal(`${directory} is a file.`, "Choose another folder with --dir.")
  if (readdirSync(directory).some((name) => name !== ".git"))
    throw new Refusal(`${directory} is not empty.`, "Choose another folder with --dir, or empty this one.")
}

/**
 * Writes the package into `request.directory`. Throws a `Refusal`, and leaves no file behind, when a name cannot be used,
 * the folder holds anything but `.git`, or a file cannot be written.
 */
export const createChannel = (request: ChannelRequest): Created => {
  const files = renderChannel(request)
  const { directory } = request
  refuseOccupied(directory)
  const written: Array<string> = []
  try {
    for (const [path, text] of files) {
      const file = join(directory, path)
      mkdirSync(dirname(file), { recursive: true })
      // Never over something that appeared meanwhile.
      writeFileSync(file, text, { flag: "wx" })
      written.push(file)
    }
  } catch (error) {
    for (const file of written) rmSync(file, { force: true })
    const why = error instanceof Error ? error.message : String(error)
    throw new Refusal(`The package could not be written: ${why}`, "Check the folder and its owner.")
  }
  return { directory, files: [...files.keys()] }
}
