/** Our packages as npm users get them: built, and packed by pnpm, which puts real versions into their package.json. */
import { execFile } from "node:child_process"
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

export const repository = fileURLToPath(new URL("../../../../", import.meta.url))

export interface Ended {
  readonly code: number
  /** What it said, on both of its outputs. */
  readonly output: string
  readonly stdout: string
}

const ownBins = [
  join(repository, "node_modules/node/bin"),
  join(repository, "node_modules/.bin"),
  join(repository, "node_modules/.opencx/bin"),
]

/** What makes a vitest inside believe it were a part of this one, and an npm that it were a script of the outer one. */
const inherited = /^(?:VITEST|TEST$|npm_)/
/** How this machine reaches its registry. */
const npmSettings = /^npm_config_(?:registry|cache|userconfig|globalconfig|cafile|https?-?_?proxy)$/i

/** Runs a program to its end, for at most so many seconds. Never rejects. */
export const run = (
  command: string,
  args: ReadonlyArray<string>,
  cwd: string,
  seconds: number,
): Promise<Ended> =>
  new Promise((resolve) => {
    const kept = Object.entries(process.env).filter(
      ([name]) => !inherited.test(name) || npmSettings.test(name),
    )
    const env = {
      ...Object.fromEntries(kept),
      PATH: [...ownBins, process.env["PATH"]].join(":"),
      NO_COLOR: "1",
    }
    const options = { cwd, env, timeout: seconds * 1000, maxBuffer: 20_000_000 }
    execFile(command, [...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1
      const ended = error?.killed === true ? `\nended after ${seconds} s` : ""
      resolve({ code, stdout, output: stdout + stderr + ended })
    })
  })

const newest = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((time, entry) => Math.max(time, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0)

const isBuilt = (folder: string): boolean => {
  const made = ["dist/index.js", "dist/tsconfig.tsbuildinfo"].map((file) => join(folder, file))
  if (!existsSync(join(folder, "dist/index.d.ts")) || !made.every((file) => existsSync(file))) return false
  return Math.min(...made.map((file) => statSync(file).mtimeMs)) > newest(join(folder, "src"))
}

const build = async (folder: string): Promise<void> => {
  for (const [command, ...args] of [["tsup"], ["tsc", "-b"]] as const) {
    const { code, output } = await run(command, args, folder, 120)
    if (code !== 0) throw new Error(`${command} in ${folder} ended with ${code}:\n${output}`)
  }
}

const packageManager = (): string => {
  const manifest: { readonly packageManager: string } = JSON.parse(
    readFileSync(join(repository, "package.json"), "utf8"),
  )
  return manifest.packageManager
}

/** Builds a package of `packages/` if its build is missing or older than its sources, packs it, and answers with the file. */
export const packed = async (name: string, into: string): Promise<string> => {
  const folder = join(repository, "packages", name)
  if (!isBuilt(folder)) await build(folder)
  const shim = existsSync(join(repository, "node_modules/.opencx/bin/pnpm"))
  const [command, ...before] = shim ? ["pnpm"] : ["npx", "--yes", packageManager()]
  const args = [...before, "pack", "--json", "--pack-destination", into]
  const { code, output, stdout } = await run(command ?? "npx", args, folder, 120)
  const start = stdout.indexOf("{")
  if (code !== 0 || start < 0) throw new Error(`${name} could not be packed:\n${output}`)
  const { filename }: { readonly filename: string } = JSON.parse(stdout.slice(start))
  const file = join(into, filename.slice(dirname(filename).length).replace(/^\/+/, ""))
  return existsSync(file) ? file : filename
}

/** Why the registry that npm is set up for cannot be reached; null when it answers. */
export const registryTrouble = async (cwd: string): Promise<string | null> => {
  const args = ["view", "effect", "version", "--fetch-retries=1", "--fetch-timeout=20000", "--prefer-online"]
  const { code, output } = await run("npm", args, cwd, 60)
  return code === 0 ? null : `npm view effect: ${output.slice(0, 400)}`
}
