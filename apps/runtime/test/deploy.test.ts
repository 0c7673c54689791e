/** The example files and the production guide: what they name must exist in the program. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { existsSync } from "node:fs"
import { readdir, readFile } from "node:fs/promises"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { commands } from "../src/commands/all.ts"
import { checkConfig } from "../src/config/load.ts"
import { servicesLayer } from "../src/Runtime.ts"
import { inFolder, run } from "./support/run.ts"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const read = (file: string) => readFile(join(root, file), "utf8")

const guides = ["docs/production.md", "docs/operations/README.md"]
const files = [
  "Containerfile",
  ".env.example",
  "deploy/systemd/opencx.service",
  "deploy/kubernetes/opencx.yaml",
  "deploy/opencx.nginx.conf",
  ...guides,
]

/** Every variable that a source file reads. */
const variables = async (): Promise<ReadonlySet<string>> => {
  const folders = ["apps/runtime/src", "packages/storage/src", "packages/agent/src/llm"]
  const found = new Set<string>()
  for (const folder of folders) {
    for (const entry of await readdir(join(root, folder), { recursive: true })) {
      if (!entry.endsWith(".ts")) continue
      for (const [name] of (await read(join(folder, entry))).matchAll(/\b(?:OPENCX|OTEL)_[A-Z_]+\b/g))
        found.add(name)
    }
  }
  return found
}

const example = async (): Promise<unknown> => JSON.parse(await read("deploy/opencx.config.json"))

/** Lines of `.env.example`, those that are commented out too. */
const environmentOf = async () =>
  [...(await read(".env.example")).matchAll(/^#?([A-Z][A-Z_]+)=(.*)$/gm)].map(
    ([, name = "", value = ""]) => ({
      name,
      value,
    }),
  )

describe("the example configuration", () => {
  it("asks for nothing that `opencx setup zendesk` fetches only later", async () => {
    const asked = JSON.stringify(await example())
    assert.notMatch(asked, /webhookS|assistSigningSecret/)
    assert.notInclude(await read(".env.example"), "WEBHOOK")
  })

  it("is accepted with the example environment, and nothing in that is superfluous", () =>
    inFolder(async (dataDir) => {
      const raw = await example()
      const asked = [...JSON.stringify(raw).matchAll(/"\$env":"(\w+)"/g)].map(([, name = ""]) => name)
      const named = (await environmentOf()).map(({ name }) => name)
      for (const name of asked) assert.include(named, name)
      const own = await variables()
      for (const name of named) assert.isTrue(own.has(name) || asked.includes(name), name)
      const secrets = Object.fromEntries(asked.map((name) => [name, `value-of-${name}`]))
      const env = { ...secrets, OPENCX_DATA_DIR: dataDir, OPENCX_OPERATOR_TOKEN: "0123456789abcdef" }
      const config = await run(
        Effect.scoped(
          Effect.gen(function* () {
            const checked = yield* checkConfig(raw, env, "the example")
            yield* Layer.build(servicesLayer(checked))
            return checked
          }),
        ),
      )
      assert.strictEqual(config.http.port, 3000)
    }))
})

describe("the example files", () => {
  it.each(files)("%s names variables that are read", async (file) => {
    const known = await variables()
    for (const [name] of (await read(file)).matchAll(/\b(?:OPENCX|OTEL)_[A-Z_]+\b/g))
      assert.isTrue(known.has(name), name)
  })

  it("agree on ports, paths and the way to stop", async () => {
    const [container, kubernetes, systemd, nginx] = await Promise.all(
      files.slice(0, 1).concat(files.slice(3, 4), files.slice(2, 3), files.slice(4, 5)).map(read),
    )
    const smtp = Schema.decodeUnknownSync(
      Schema.Struct({
        listeners: Schema.Struct({ email: Schema.Struct({ smtp: Schema.Struct({ port: Schema.Int }) }) }),
      }),
    )(await example()).listeners.email.smtp.port
    assert.include(container, `EXPOSE 3000 ${smtp}`)
    assert.include(kubernetes, `containerPort: ${smtp}`)
    assert.include(kubernetes, "containerPort: 3000")
    assert.include(nginx, "server 127.0.0.1:3000;")
    for (const text of [container, kubernetes, systemd]) {
      assert.include(text, "/etc/opencx/opencx.config.json")
      assert.include(text, "/var/lib/opencx")
      assert.include(text, "SIGTERM")
    }
    for (const path of ["/healthz", "/readyz"]) assert.include(kubernetes, `path: ${path}`)
  })

  it("build the container from what the repository has", async () => {
    const container = await read("Containerfile")
    const manifest = JSON.parse(await read("apps/runtime/package.json"))
    const workspace = JSON.parse(await read("package.json"))
    assert.include(container, `/app/${manifest.bin.opencx.replace("./", "")}`)
    assert.include(container, manifest.name)
    const version = /pnpm@([\d.]+)/.exec(workspace.packageManager)?.[1]
    for (const [, used] of container.matchAll(/pnpm@([\d.]+)/g)) assert.strictEqual(used, version)
    const [, node = "0"] = /node:(\d+)-/.exec(container) ?? []
    assert.isAtLeast(Number(node), Number(/\d+/.exec(manifest.engines.node)?.[0]))
  })
})

/** `opencx dead-letters replay` → both words; a flag ends it. */
const calledIn = (text: string): ReadonlyArray<ReadonlyArray<string>> =>
  [...text.matchAll(/\bopencx ((?:[a-z][a-z:-]*)(?: [a-z][a-z-]*)?)/g)].map(([, words = ""]) =>
    words.split(" "),
  )

describe("the guides", () => {
  const tree = new Map<string, ReadonlyArray<string>>(
    commands.map((command) => [
      command.name,
      command.subcommands.flatMap(({ commands: below }) => below.map(({ name }) => name)),
    ]),
  )

  it.each(guides)("%s names commands that there are", async (file) => {
    const code = [...(await read(file)).matchAll(/```\w+\n(.*?)```|`([^`]+)`/gs)]
    let seen = 0
    for (const [, block, inline] of code) {
      for (const [name = "", sub = ""] of calledIn(block ?? inline ?? "")) {
        const below = tree.get(name)
        assert.isDefined(below, `opencx ${name}`)
        if (below !== undefined && below.length > 0 && sub !== "")
          assert.include(below, sub, `opencx ${name}`)
        seen += 1
      }
    }
    if (file.includes("operations")) assert.isAbove(seen, 10)
  })

  it.each(guides)("%s links to what there is", async (file) => {
    const text = await read(file)
    const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#([\w-]+))?\)/g)].filter(
      ([, to]) => !to?.includes("://"),
    )
    assert.isAbove(links.length, 2)
    for (const [, to = "", anchor] of links) {
      const target = resolve(join(root, dirname(file)), to)
      assert.isTrue(existsSync(target), to)
      if (anchor === undefined) continue
      const titles = [...(await readFile(target, "utf8")).matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
        title
          .toLowerCase()
          .replace(/[^\w\s-]/g, "")
          .replace(/ /g, "-"),
      )
      assert.include(titles, anchor)
    }
  })
})
