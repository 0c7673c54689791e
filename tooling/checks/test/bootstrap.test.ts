// The bootstrap in a copy of its folder, with a stand-in `npx` that installs a stand-in toolchain: what is
// tested is when it installs and builds, what it says when that fails, and that two runs do not collide.
import { spawn } from "node:child_process"
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { toolRoot } from "../src/tools/Process.ts"
import { emptyFolder, write } from "./fixture.ts"

const script = (lines: ReadonlyArray<string>) => `#!/bin/sh\n${lines.join("\n")}\n`

// Records each call; `install` creates Node and turbo in node_modules as the real one would.
const npx = script([
  'echo "npx $*" >> "$LOG"',
  'case "$*" in *install*) ;; *) exit 0 ;; esac',
  'echo "$npm_config_loglevel" > loglevel',
  'if [ -n "$INSTALL_OUTPUT" ]; then echo "$INSTALL_OUTPUT"; exit 1; fi',
  "sleep 0.3",
  "mkdir -p node_modules/node/bin node_modules/.bin",
  'ln -sf "$REAL_NODE" node_modules/node/bin/node',
  "cp fake-turbo node_modules/.bin/turbo",
])

const turbo = script([
  'echo "turbo $*" >> "$LOG"',
  'if [ -n "$BUILD_OUTPUT" ]; then echo "$BUILD_OUTPUT"; exit 1; fi',
  "mkdir -p apps/runtime/dist",
  "cp apps/runtime/src/main.js apps/runtime/dist/main.js",
])

const program = 'process.stdout.write(JSON.stringify(process.argv.slice(2)) + "\\n"); process.exit(7)\n'

const checkout = (): string => {
  const root = emptyFolder()
  cpSync(join(toolRoot, "tooling/bootstrap"), join(root, "tooling/bootstrap"), { recursive: true })
  write(root, {
    "package.json": '{ "type": "module" }',
    "pnpm-lock.yaml": "lockfileVersion: 9\n",
    "apps/runtime/package.json": '{ "name": "@opencx/runtime", "type": "module" }',
    "apps/runtime/src/main.js": program,
    "tooling/test-runner/package.json": "{}",
    "tooling/test-runner/src/main.ts": 'process.stdout.write("1 passed, 0 failed\\n")\n',
    "fake-turbo": turbo,
    "fake-bin/npx": npx,
  })
  chmodSync(join(root, "fake-bin/npx"), 0o755)
  chmodSync(join(root, "fake-turbo"), 0o755)
  return root
}

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const bootstrap = (root: string, args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}) =>
  new Promise<Ended>((resolve) => {
    const child = spawn(process.execPath, [join(root, "tooling/bootstrap/run.mjs"), ...args], {
      env: {
        PATH: `${join(root, "fake-bin")}:${process.env["PATH"] ?? ""}`,
        LOG: join(root, "log"),
        REAL_NODE: process.execPath,
        ...env,
      },
    })
    const out: Array<Buffer> = []
    const err: Array<Buffer> = []
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk))
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk))
    child.on("close", (code) =>
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    )
  })

/** Which of install and build ran since the last look. */
const steps = (root: string): ReadonlyArray<string> => {
  const log = join(root, "log")
  const lines = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []
  rmSync(log, { force: true })
  return lines.flatMap((line) =>
    line.startsWith("turbo") ? ["build"] : line.includes("install") ? ["install"] : [],
  )
}

const limits = { timeout: 60_000 }

describe("bootstrap", () => {
  it(
    "installs, builds and hands over arguments and exit code; the second run does neither",
    limits,
    async () => {
      const root = checkout()
      const first = await bootstrap(root, ["tour", "--json"])
      // stdout belongs to the task alone.
      expect([first.code, first.stdout]).toEqual([7, '["tour","--json"]\n'])
      expect(first.stderr).toContain("installing packages")
      expect(steps(root)).toEqual(["install", "build"])
      const second = await bootstrap(root, ["start"])
      expect([second.code, second.stdout, second.stderr]).toEqual([7, '["demo"]\n', ""])
      expect(steps(root)).toEqual([])
    },
  )

  it(
    "builds again after a source changed or the output went, installs again after a manifest changed",
    limits,
    async () => {
      const root = checkout()
      await bootstrap(root, ["start"])
      steps(root)
      writeFileSync(join(root, "apps/runtime/src/main.js"), `${program}// changed\n`)
      await bootstrap(root, ["start"])
      expect(steps(root)).toEqual(["build"])
      rmSync(join(root, "apps/runtime/dist"), { recursive: true })
      await bootstrap(root, ["start"])
      expect(steps(root)).toEqual(["build"])
      writeFileSync(join(root, "pnpm-lock.yaml"), "lockfileVersion: 10\n")
      await bootstrap(root, ["start"])
      expect(steps(root)).toEqual(["install", "build"])
      writeFileSync(join(root, "apps/runtime/package.json"), '{ "name": "@opencx/runtime", "type":"module" }')
      await bootstrap(root, ["start"])
      expect(steps(root)).toEqual(["install", "build"])
    },
  )

  it("lets two runs at once install and build once", limits, async () => {
    const root = checkout()
    const ended = await Promise.all([bootstrap(root, ["start"]), bootstrap(root, ["start"])])
    expect(ended.map(({ code }) => code)).toEqual([7, 7])
    expect(ended.map(({ stderr }) => stderr).join("")).toContain("waiting for it")
    expect(steps(root)).toEqual(["install", "build"])
    expect(existsSync(join(root, ".cache/bootstrap.lock"))).toBe(false)
  })

  it("takes over the lock of a run that died", limits, async () => {
    const root = checkout()
    mkdirSync(join(root, ".cache"))
    // Linux and macOS never give out process ids this high.
    writeFileSync(join(root, ".cache/bootstrap.lock"), "99999999")
    expect((await bootstrap(root, ["start"])).code).toBe(7)
  })

  const failures = [
    ["getaddrinfo ENOTFOUND registry.npmjs.org", "cannot be reached: check the network"],
    [
      "ERR_PNPM_OUTDATED_LOCKFILE Cannot install with frozen-lockfile",
      "pnpm-lock.yaml is behind a package.json",
    ],
    ["ENOSPC: no space left on device", "the disk is full"],
    ["EACCES: permission denied, mkdir", "no permission to write here"],
    ["something new", "the install failed: the reason is above"],
  ] as const

  it.each(failures)("explains %s", limits, async (output, sentence) => {
    const ended = await bootstrap(checkout(), ["start"], { INSTALL_OUTPUT: output })
    expect([ended.code, ended.stdout]).toEqual([1, ""])
    expect(ended.stderr).toContain(output)
    expect(ended.stderr).toContain(sentence)
  })

  it("hears the reason of a failed install even when npm was told to be silent", limits, async () => {
    const root = checkout()
    await bootstrap(root, ["start"], { npm_config_loglevel: "silent" })
    expect(readFileSync(join(root, "loglevel"), "utf8")).toBe("error\n")
  })

  it("passes SIGTERM on and ends after the program's tidy end", limits, async () => {
    const root = checkout()
    const waits = [
      'process.on("SIGTERM", () => { process.stdout.write("tidy\\n"); process.exit(0) })',
      "setInterval(() => {}, 1000)",
      // The parent is the bootstrap: by now it waits for this program.
      'process.kill(process.ppid, "SIGTERM")',
      "",
    ]
    writeFileSync(join(root, "apps/runtime/src/main.js"), waits.join("\n"))
    const ended = await bootstrap(root, ["start"])
    expect([ended.code, ended.stdout]).toEqual([0, "tidy\n"])
  })

  it("a failed install or build is tried again by the next run", limits, async () => {
    const root = checkout()
    expect((await bootstrap(root, ["start"], { INSTALL_OUTPUT: "ENOSPC" })).code).toBe(1)
    expect((await bootstrap(root, ["start"], { BUILD_OUTPUT: "error TS1" })).code).toBe(1)
    expect((await bootstrap(root, ["start"])).code).toBe(7)
    expect(steps(root)).toEqual(["install", "install", "build", "build"])
  })

  it(
    "runs the tests with Node 24 from node_modules, and counts a broken build as a failure",
    limits,
    async () => {
      const root = checkout()
      const broken = await bootstrap(root, ["test"], { BUILD_OUTPUT: "error TS1: broken" })
      expect(broken.code).toBe(1)
      expect(broken.stderr).toContain("error TS1: broken")
      expect(broken.stdout.trimEnd().split("\n").at(-1)).toBe("0 passed, 1 failed")
      const passed = await bootstrap(root, ["test"])
      expect([passed.code, passed.stdout]).toEqual([0, "1 passed, 0 failed\n"])
    },
  )

  it("names the tasks when it does not know one", limits, async () => {
    const ended = await bootstrap(checkout(), ["strat"])
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain(
      "unknown task strat; choose one of start, tour, opencx, test, bench, soak, eval, check, build.",
    )
  })
})
