// The one command that works on a fresh machine: Node 20 or newer and npm, nothing else.
// It installs what is missing, builds what changed, then hands over to Node 24 from node_modules.
// No dependencies, and nothing newer than Node 20, because it runs before anything is installed.
import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { withLock } from "./lock.mjs"
import { explainInstallFailure, PNPM, writePnpmShim } from "./pnpm.mjs"

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const state = join(root, "node_modules", ".opencx")
const node24 = join(root, "node_modules", "node", "bin", "node")
// OPENCX_NODE=system runs the task on the Node that runs this script, to try another supported version.
const node = process.env.OPENCX_NODE === "system" ? process.execPath : node24
const runtime = join("apps", "runtime", "dist", "main.js")

/** task → does it need the build, and what to run with Node 24 */
const tasks = {
  start: { build: true, command: [runtime, "demo"] },
  tour: { build: true, command: [runtime, "tour"] },
  opencx: { build: true, command: [runtime] },
  test: { build: true, command: [join("tooling", "test-runner", "src", "main.ts")] },
  bench: { build: true, command: [join("tooling", "bench", "src", "main.ts")] },
  soak: { build: true, command: [join("tooling", "e2e", "test", "soak", "main.ts")] },
  eval: { build: false, command: [join("tooling", "eval", "src", "main.ts")] },
  check: { build: false, command: [join("tooling", "checks", "src", "main.ts")] },
  build: { build: true },
}

// Everything said here goes to stderr: stdout belongs to the task (`tour --json` is read by programs).
const say = (line) => process.stderr.write(`opencx: ${line}\n`)
const fail = (line) => {
  say(line)
  // Whoever counts tests reads the last line: no test ran, and that is a failure.
  if (process.argv[2] === "test") process.stdout.write("0 passed, 1 failed\n")
  process.exit(1)
}

const list = (directory, keep) =>
  existsSync(directory)
    ? readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
        const path = join(directory, entry.name)
        if (entry.name === "node_modules" || entry.name === "dist") return []
        return entry.isDirectory() ? list(path, keep) : keep(path) ? [path] : []
      })
    : []

const packageDirs = () =>
  ["packages", "apps", "tooling"].flatMap((group) =>
    existsSync(join(root, group))
      ? readdirSync(join(root, group), { withFileTypes: true })
          .filter((entry) => entry.isDirectory() && existsSync(join(root, group, entry.name, "package.json")))
          .map((entry) => join(root, group, entry.name))
      : [],
  )

const hashFiles = (files, ...salt) => {
  const hash = createHash("sha256")
  for (const part of salt) hash.update(part)
  for (const file of [...files].sort()) {
    if (!existsSync(file)) continue
    hash.update(relative(root, file)).update("\0").update(readFileSync(file)).update("\0")
  }
  return hash.digest("hex")
}

const installHash = () =>
  hashFiles(
    [
      ...["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"].map((file) => join(root, file)),
      ...packageDirs().map((directory) => join(directory, "package.json")),
    ],
    PNPM,
    `${process.platform}-${process.arch}`,
  )

const buildHash = (installed) =>
  hashFiles(
    [
      ...["turbo.json", "tsconfig.base.json", join("tooling", "tsup.base.ts")].map((file) =>
        join(root, file),
      ),
      ...packageDirs()
        .filter((directory) => dirname(directory) !== join(root, "tooling"))
        .flatMap((directory) => [
          ...list(join(directory, "src"), () => true),
          ...["tsconfig.json", "tsup.config.ts"].map((file) => join(directory, file)),
        ]),
    ],
    installed,
  )

const stampFile = (name) => join(state, `${name}.stamp`)
const stampIs = (name, value) =>
  existsSync(stampFile(name)) && readFileSync(stampFile(name), "utf8").trim() === value
const writeStamp = (name, value) => {
  mkdirSync(state, { recursive: true })
  writeFileSync(stampFile(name), `${value}\n`)
}

/** Runs a command quietly; its output is shown only when it fails. */
const quiet = (command, args, env = {}) =>
  new Promise((resolve) => {
    const output = []
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    })
    child.stdout.on("data", (chunk) => output.push(chunk))
    child.stderr.on("data", (chunk) => output.push(chunk))
    child.on("error", (error) => resolve({ code: 1, output: String(error) }))
    child.on("close", (code) => resolve({ code: code ?? 1, output: Buffer.concat(output).toString("utf8") }))
  })

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`

const install = async (hash) => {
  const started = Date.now()
  say("installing packages (the first time takes about a minute) …")
  const result = await quiet("npx", ["--yes", PNPM, "install", "--frozen-lockfile"], {
    npm_config_yes: "true",
    // `npm --silent` hands its silence down, and then nothing says why an install failed.
    npm_config_loglevel: "error",
  })
  if (result.code !== 0) {
    process.stderr.write(result.output)
    fail(explainInstallFailure(result.output))
  }
  if (!existsSync(node24)) {
    fail("the install finished without Node 24 in node_modules/node/bin; delete node_modules and run again.")
  }
  await writePnpmShim(root)
  writeStamp("install", hash)
  say(`installed in ${seconds(started)}`)
}

const taskEnvironment = () => ({
  PATH: [dirname(node), join(root, "node_modules", ".bin"), join(state, "bin"), process.env.PATH ?? ""].join(
    ":",
  ),
  TURBO_TELEMETRY_DISABLED: "1",
  TURBO_NO_UPDATE_NOTIFIER: "1",
  DO_NOT_TRACK: "1",
})

const build = async (hash) => {
  const started = Date.now()
  say("building …")
  const turbo = join(root, "node_modules", ".bin", "turbo")
  const result = await quiet(
    turbo,
    ["run", "build", "--output-logs=errors-only", "--log-order=grouped"],
    taskEnvironment(),
  )
  if (result.code !== 0) {
    process.stderr.write(result.output)
    return false
  }
  writeStamp("build", hash)
  say(`built in ${seconds(started)}`)
  return true
}

/** Installs and builds as far as needed. The lock keeps two runs at once from writing over each other. */
const prepare = async (task) => {
  const look = () => {
    const installed = installHash()
    const built = buildHash(installed)
    return {
      installed,
      built,
      installOk: stampIs("install", installed) && existsSync(node24),
      buildOk: !task.build || (stampIs("build", built) && existsSync(join(root, runtime))),
    }
  }
  const before = look()
  if (before.installOk && before.buildOk) return true
  return withLock(join(root, ".cache", "bootstrap.lock"), say, async () => {
    const now = look()
    if (!now.installOk) await install(now.installed)
    return now.installOk && now.buildOk ? true : !task.build || (await build(now.built))
  })
}

/** Hands the terminal over and ends as the task ended. */
const handOver = (args) => {
  const child = spawn(node, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...taskEnvironment() },
  })
  // Ctrl-C reaches the child by itself (same process group); this process waits for its tidy end.
  process.on("SIGINT", () => {})
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
  child.on("error", (error) => fail(`could not start ${node}: ${error.message}`))
  child.on("close", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)))
}

const main = async () => {
  const [name, ...args] = process.argv.slice(2)
  const task = name === undefined ? undefined : tasks[name]
  if (task === undefined)
    fail(`unknown task ${name ?? "(none)"}; choose one of ${Object.keys(tasks).join(", ")}.`)
  if (Number(process.versions.node.split(".")[0]) < 20) {
    fail(`Node 20 or newer is needed to start, this is ${process.version}; see https://nodejs.org.`)
  }
  if (process.platform === "win32")
    fail("Windows is supported through WSL: run the same command in a WSL shell.")
  // The end-to-end tests run the built program, so a broken build is a failed test run.
  if (!(await prepare(task))) fail("the build failed: the reason is above.")
  if (task.command !== undefined) handOver([...task.command, ...args])
}

await main()
