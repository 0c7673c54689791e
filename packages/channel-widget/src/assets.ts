/**
 * The files that browsers load, and where they are: this package's build writes them to `dist/browser`, and a program that
 * bundles this package puts a copy beside its own file.
 */
import { Effect, Option, Schema } from "effect"
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"

/** What the build says about its files. */
const Manifest = Schema.fromJsonString(
  Schema.Struct({
    loader: Schema.NonEmptyString,
    /** Its name has a hash of its contents, so it may be kept for ever. */
    bundle: Schema.NonEmptyString,
  }),
)

export interface Asset {
  readonly name: string
  readonly bytes: Uint8Array
  /** The same, compressed. */
  readonly gzip: Uint8Array
  readonly hash: string
}

export interface Assets {
  readonly loader: Asset
  readonly bundle: Asset
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const installed = (): ReadonlyArray<string> => {
  try {
    const manifest = createRequire(import.meta.url).resolve("@opencx/channel-widget/package.json")
    return [join(dirname(manifest), "dist", "browser")]
  } catch {
    return []
  }
}

/** Beside the built file, in the workspace (from `src`), or in the installed package. */
const folders = (): ReadonlyArray<string> => [here("./browser"), here("../dist/browser"), ...installed()]

const readAsset = (folder: string, name: string): Asset => {
  const bytes = readFileSync(join(folder, name))
  return {
    name,
    bytes,
    gzip: gzipSync(bytes, { level: 9 }),
    hash: createHash("sha256").update(bytes).digest("base64url").slice(0, 22),
  }
}

const readManifest = Schema.decodeUnknownOption(Manifest)

const readFolder = (folder: string): Assets | null => {
  try {
    const manifest = Option.getOrNull(readManifest(readFileSync(join(folder, "manifest.json"), "utf8")))
    return manifest === null
      ? null
      : { loader: readAsset(folder, manifest.loader), bundle: readAsset(folder, manifest.bundle) }
  } catch {
    return null
  }
}

/** The browser's files; null (and an error in the log) when they are nowhere. */
export const loadAssets: Effect.Effect<Assets | null> = Effect.suspend(() => {
  const looked = folders()
  for (const folder of looked) {
    const found = readFolder(folder)
    if (found !== null) return Effect.succeed(found)
  }
  return Effect.as(
    Effect.logError(
      "The web chat's browser files are missing; build @opencx/channel-widget. Looked in",
      looked,
    ),
    null,
  )
})
