import { assert, describe, it } from "@effect/vitest"
import { Secrets, type StoreError } from "@opencx/core"
import { MasterKey, MasterKeys, Migrations, Sqlite, Stores } from "@opencx/storage"
import { ConfigProvider, Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { temporaryDirectory } from "./support/databases.ts"

const inTemporary = Effect.acquireRelease(Effect.sync(temporaryDirectory), (directory) =>
  Effect.sync(() => directory.remove()),
)

const oldKey = new Uint8Array(32).fill(1)
const newKey = new Uint8Array(32).fill(2)

const stores = (directory: string, key: Layer.Layer<MasterKey>) =>
  Stores.layer().pipe(
    Layer.provide(key),
    Layer.provideMerge(Migrations.layer),
    Layer.provideMerge(Sqlite.layer({ directory })),
  )

const environment = (env: Record<string, string>) => ConfigProvider.layer(ConfigProvider.fromEnv({ env }))

const keyFrom = (directory: string, env: Record<string, string> = {}) =>
  Effect.provide(MasterKey, MasterKeys.layer({ directory }).pipe(Layer.provide(environment(env))))

describe("sealed secrets", () => {
  it.live("never reach the disk in the clear, and open only where they belong", () =>
    Effect.gen(function* () {
      const { path } = yield* inTemporary
      const plain = "sk-live-THE-PLAIN-TEXT-0123456789"
      const put = Effect.gen(function* () {
        const [secrets, sql] = [yield* Secrets, yield* SqlClient.SqlClient]
        yield* secrets.put("acme", "token", Redacted.make(plain))
        yield* secrets.put("globex", "token", Redacted.make(plain))
        const sealed = yield* sql<{
          scope: string
          sealed: string
        }>`SELECT scope, sealed FROM opencx_secrets ORDER BY scope`
        assert.match(sealed[0]?.sealed ?? "", /^v1\.[0-9a-f]{16}\.[\w-]+\.[\w-]+\.[\w-]+$/)
        assert.notStrictEqual(sealed[0]?.sealed, sealed[1]?.sealed)
        for (const file of readdirSync(path)) {
          const bytes = readFileSync(`${path}/${file}`)
          assert.isFalse(bytes.includes(plain) || bytes.includes(Buffer.from(plain).toString("base64")), file)
        }
        // Someone with the database moves an envelope to another organization, or changes a byte.
        yield* sql`UPDATE opencx_secrets SET sealed = ${sealed[1]?.sealed} WHERE scope = 'acme'`
        assert.include((yield* Effect.flip(secrets.get("acme", "token"))).detail, "sealed for another place")
        const broken = sealed[0]?.sealed.replace(/.$/, (last) => (last === "A" ? "Q" : "A"))
        yield* sql`UPDATE opencx_secrets SET sealed = ${broken} WHERE scope = 'acme'`
        assert.strictEqual((yield* Effect.flip(secrets.get("acme", "token")))._tag, "StoreError")
        yield* sql`UPDATE opencx_secrets SET sealed = ${plain} WHERE scope = 'acme'`
        const error: StoreError = yield* Effect.flip(secrets.get("acme", "token"))
        assert.notInclude(error.message, plain)
      })
      yield* put.pipe(Effect.provide(stores(path, MasterKeys.layerFromBytes(oldKey))))
      const get = Effect.flatMap(Secrets, (secrets) => secrets.get("globex", "token"))
      const wrong = yield* Effect.flip(
        get.pipe(Effect.provide(stores(path, MasterKeys.layerFromBytes(newKey)))),
      )
      assert.include(wrong.message, "sealed under the master key")
      assert.include(wrong.message, "OPENCX_MASTER_KEY")
      const rotated = yield* get.pipe(
        Effect.provide(stores(path, MasterKeys.layerFromBytes(newKey, [oldKey]))),
      )
      assert.strictEqual(rotated === null ? null : Redacted.value(rotated), plain)
    }),
  )
})

describe("the master key", () => {
  it.live("is made once, private, and the same at the next start", () =>
    Effect.gen(function* () {
      const { path } = yield* inTemporary
      const both = yield* Effect.all([keyFrom(`${path}/data`), keyFrom(`${path}/data`)], { concurrency: 2 })
      const later = yield* keyFrom(`${path}/data`)
      assert.deepStrictEqual(
        both.map((key) => key.keyId),
        [later.keyId, later.keyId],
      )
      assert.deepStrictEqual(readdirSync(`${path}/data`), ["master.key"])
      assert.strictEqual(statSync(`${path}/data/master.key`).mode & 0o777, 0o600)
      assert.notStrictEqual((yield* keyFrom(`${path}/other`)).keyId, later.keyId)
    }),
  )

  it.live("is refused when others may read its file, or when it is no key", () =>
    Effect.gen(function* () {
      const { path } = yield* inTemporary
      yield* keyFrom(path)
      chmodSync(`${path}/master.key`, 0o640)
      const open = yield* Effect.flip(keyFrom(path))
      assert.include(open.message, "mode 640")
      assert.include(open.message, `chmod 600 ${path}/master.key`)
      writeFileSync(`${path}/master.key`, "hello\n")
      chmodSync(`${path}/master.key`, 0o600)
      assert.include((yield* Effect.flip(keyFrom(path))).message, "openssl rand -base64 32")
      for (const text of [
        "short",
        "zz".repeat(32),
        Buffer.alloc(31).toString("base64"),
        Buffer.alloc(33).toString("base64"),
      ]) {
        const error = yield* Effect.flip(keyFrom(path, { OPENCX_MASTER_KEY: text }))
        assert.notInclude(error.message, text)
        assert.include(error.message, "OPENCX_MASTER_KEY")
      }
    }),
  )

  it.live("comes from the environment in base64 or hexadecimal, with earlier ones beside it", () =>
    Effect.gen(function* () {
      const { path } = yield* inTemporary
      const forms = [
        Buffer.from(newKey).toString("base64"),
        Buffer.from(newKey).toString("base64url"),
        Buffer.from(newKey).toString("hex"),
      ]
      const keys = yield* Effect.forEach(forms, (text) => keyFrom(path, { OPENCX_MASTER_KEY: text }))
      assert.strictEqual(new Set(keys.map((key) => key.keyId)).size, 1)
      assert.deepStrictEqual(readdirSync(path), [])
      const previous = yield* keyFrom(path, { OPENCX_MASTER_KEY: Buffer.from(oldKey).toString("hex") })
      const label = { scope: "installation", name: "x" }
      const rotated = yield* keyFrom(path, {
        OPENCX_MASTER_KEY: forms[0] ?? "",
        OPENCX_MASTER_KEY_PREVIOUS: `${Buffer.from(oldKey).toString("hex")}, `,
      })
      assert.strictEqual(yield* rotated.open(label, previous.seal(label, "ü")), "ü")
    }),
  )

  it.live("derives independent keys by purpose", () =>
    Effect.gen(function* () {
      const { path } = yield* inTemporary
      const key = yield* keyFrom(path)
      const [hooks, files, again] = ["hooks", "files", "hooks"].map((purpose) => key.derive(purpose))
      assert.strictEqual(hooks?.length, 32)
      assert.deepStrictEqual(hooks, again)
      assert.notDeepEqual(hooks, files)
    }),
  )
})
