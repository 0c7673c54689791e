/** Settings: read, refused with an explanation, and silent about secrets. */
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import type { ChannelPlugin } from "@opencx/core"
import { Effect, Result } from "effect"
import type { ChannelFixtures } from "./Fixtures.ts"
import { bindAccount } from "./world.ts"

type Path = ReadonlyArray<string | number>

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Where in a value these strings stand. */
const pathsOf = (value: unknown, secrets: ReadonlyArray<string>, at: Path = []): ReadonlyArray<Path> => {
  if (typeof value === "string") return secrets.includes(value) ? [at] : []
  if (Array.isArray(value)) return value.flatMap((v, i) => pathsOf(v, secrets, [...at, i]))
  return isRecord(value) ? Object.entries(value).flatMap(([k, v]) => pathsOf(v, secrets, [...at, k])) : []
}

/** A copy with `replace` applied at a path. */
const edit = (value: unknown, path: Path, replace: (old: unknown) => unknown): unknown => {
  const [head, ...rest] = path
  if (head === undefined) return replace(value)
  if (Array.isArray(value)) return value.map((v, i) => (i === head ? edit(v, rest, replace) : v))
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, k === head ? edit(v, rest, replace) : v]))
    : value
}

const showsNone = (what: string, text: string, secrets: ReadonlyArray<string>): void => {
  for (const secret of secrets) assert.notInclude(text, secret, `${what} shows a secret`)
}

const everyView = (value: unknown): string => {
  const error = value instanceof Error ? `${value.message}\n${value.stack ?? ""}\n${String(value)}` : ""
  return [JSON.stringify(value) ?? "", inspect(value, { depth: 12, showHidden: true }), error].join("\n")
}

/** Registers the tests on settings. */
export const settingsSuite = (plugin: ChannelPlugin, fixtures: ChannelFixtures): void => {
  const { secrets } = fixtures
  describe("settings", () => {
    it("the fixture names its secrets", () => {
      const found = new Set(pathsOf(fixtures.settings, secrets).map((p) => p.join(".")))
      assert.isAtLeast(
        found.size,
        secrets.length,
        "each secret must stand in the settings as it is written in `secrets`",
      )
      for (const secret of secrets) assert.isAtLeast(secret.length, 8)
    })

    it.effect("good settings bind; nothing of what comes back shows a secret", () =>
      Effect.gen(function* () {
        const bound = yield* bindAccount(plugin, fixtures.settings, fixtures.signer)
        assert.strictEqual(bound.plugin.id, plugin.id)
        showsNone("the bound account", everyView(bound), secrets)
      }),
    )

    for (const bad of [
      ...fixtures.rejected,
      { name: "nothing at all", settings: undefined, mentions: "" },
      { name: "a number", settings: 42, mentions: "" },
    ]) {
      it.effect(`refused with an explanation: ${bad.name}`, () =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(bindAccount(plugin, bad.settings, fixtures.signer))
          assert.strictEqual(error._tag, "SettingsRejected")
          assert.include(error.detail, bad.mentions)
          assert.isAbove(error.hint.length, 10, "the hint says what to do")
          showsNone("the refusal", everyView(error), secrets)
        }),
      )
    }

    it.effect("a secret in the wrong shape is not repeated in the error", () =>
      Effect.gen(function* () {
        const shapes: ReadonlyArray<(old: unknown) => unknown> = [
          (old) => [old],
          (old) => ({ value: old }),
          (old) => ({ [String(old)]: 1 }),
        ]
        for (const path of pathsOf(fixtures.settings, secrets)) {
          for (const shape of shapes) {
            const result = yield* Effect.result(
              bindAccount(plugin, edit(fixtures.settings, path, shape), fixtures.signer),
            )
            if (Result.isFailure(result))
              showsNone(`the error about ${path.join(".")}`, everyView(result.failure), secrets)
          }
        }
      }),
    )

    it.effect("an error elsewhere does not repeat the secrets either", () =>
      Effect.gen(function* () {
        if (!isRecord(fixtures.settings)) return
        for (const key of Object.keys(fixtures.settings)) {
          const broken = edit(fixtures.settings, [key], (old) => ({ wrong: old }))
          const result = yield* Effect.result(bindAccount(plugin, broken, fixtures.signer))
          if (Result.isFailure(result))
            showsNone(`the error about ${key}`, everyView(result.failure), secrets)
        }
      }),
    )
  })
}
