/** The peer's packages: installed when they are first wanted, so that nobody pays for them who does not measure. */
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { join } from "node:path"
import { Effect } from "effect"

/** Exactly these, so that figures of different days are about the same programs. */
export const packages: Readonly<Record<string, string>> = {
  chat: "4.41.1",
  "@chat-adapter/twilio": "4.31.0",
  "@chat-adapter/whatsapp": "4.41.1",
  "@chat-adapter/state-memory": "4.41.0",
}

const withinMs = 90_000

const cacheDir = fileURLToPath(new URL("../../../../node_modules/.cache/bench-peers", import.meta.url))

const manifest = JSON.stringify({
  name: "bench-peers",
  private: true,
  type: "module",
  dependencies: packages,
})

/** Names of packages are resolved where they are installed; this file is there. */
const entry = [
  'export { Chat } from "chat"',
  'export { createTwilioAdapter } from "@chat-adapter/twilio"',
  'export { createWhatsAppAdapter } from "@chat-adapter/whatsapp"',
  'export { createMemoryState } from "@chat-adapter/state-memory"',
  "",
].join("\n")

export const entryOf = (dir: string): string => join(dir, "entry.js")

/** Written after everything else; holds what was installed. */
const doneFile = join(cacheDir, "installed.json")

const isInstalled = async (): Promise<boolean> =>
  existsSync(doneFile) && (await readFile(doneFile, "utf8")) === manifest

const quietly = ["--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock", "--loglevel=error"]

/** What npm complains of first; the rest is a stack. */
const complaintIn = (said: string): string =>
  /^npm error (code .+)$/m.exec(said)?.[1] ?? said.slice(0, 200).trim()

/** Null when it went well, else why it did not. */
const npmInstall = (): Promise<string | null> =>
  new Promise((resolve) => {
    const npm = spawn("npm", ["install", ...quietly, "--fetch-retries=1", "--fetch-timeout=20000"], {
      cwd: cacheDir,
      stdio: ["ignore", "ignore", "pipe"],
      timeout: withinMs,
    })
    let said = ""
    npm.stderr.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString("utf8")).slice(0, 4000)
    })
    npm.once("error", (error) => resolve(error.message))
    npm.once("exit", (code) => {
      const how = code === null ? `npm did not end within ${withinMs / 1000} s` : `npm ended with ${code}`
      resolve(code === 0 ? null : `${how}: ${complaintIn(said)}`)
    })
  })

const say = (text: string) => Effect.sync(() => void process.stderr.write(`${text}\n`))

/** Answers with the directory of the packages, or with why there is none. */
export const installedPeers = Effect.gen(function* () {
  if (yield* Effect.promise(isInstalled)) return { dir: cacheDir, problem: null }
  const names = Object.entries(packages).map(([name, version]) => `${name}@${version}`)
  yield* say(`peers: npm install ${names.join(" ")} into node_modules/.cache/bench-peers, once, at most 90 s`)
  const problem = yield* Effect.promise(async () => {
    await mkdir(cacheDir, { recursive: true })
    await writeFile(join(cacheDir, "package.json"), manifest)
    await writeFile(entryOf(cacheDir), entry)
    const failed = await npmInstall()
    if (failed === null) await writeFile(doneFile, manifest)
    return failed
  })
  return problem === null ? { dir: cacheDir, problem } : { dir: null, problem }
})
