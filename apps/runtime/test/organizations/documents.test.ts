/** The small parts that documents are worked on with: secrets in their places, differences, and what reaches too far. */
import { Secrets, secretsMemory } from "@opencx/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { KnownSecrets } from "../../src/logging/Logging.ts"
import { differences } from "../../src/organizations/differences.ts"
import { namesReachingIn, reachingIn } from "../../src/organizations/reach.ts"
import { replaceSecrets } from "../../src/organizations/secretPlaces.ts"
import { rewrite, secretRefs, withSecrets } from "../../src/organizations/secretRefs.ts"

const ref = (name: string) => ({ $secret: name, setAt: 1 })

describe("places", () => {
  it("name items of lists by their id, so that they stay the same when others come and go", () => {
    const document = { accounts: [{ id: "b", password: ref("s2") }, { password: ref("s3") }] }
    const more = { accounts: [{ id: "a" }, ...document.accounts] }
    assert.deepStrictEqual([...secretRefs(document).keys()], ["accounts.b.password", "accounts.1.password"])
    assert.strictEqual(secretRefs(more).get("accounts.b.password")?.$secret, "s2")
  })

  it("are none for names that would change what objects are", () => {
    const hostile: unknown = JSON.parse('{"__proto__":{"x":1},"a":{"constructor":{"y":2},"b":3}}')
    assert.strictEqual(JSON.stringify(rewrite(hostile, () => null)), '{"a":{"b":3}}')
  })
})

describe("secrets of a document", () => {
  it.effect(
    "are put in their places, are cut out of the log from then on, and are missed by their place",
    () =>
      Effect.gen(function* () {
        yield* (yield* Secrets).put("acme", "s1", Redacted.make("seven-seals"))
        const document = { zendesk: { auth: { token: ref("s1") } }, llm: { apiKey: ref("gone") } }
        const { missing, whole } = yield* withSecrets("acme", document)
        assert.deepStrictEqual(missing, ["llm.apiKey"])
        assert.deepInclude(whole, { zendesk: { auth: { token: "seven-seals" } } })
        assert.isTrue((yield* KnownSecrets).has("seven-seals"))
        assert.deepStrictEqual((yield* withSecrets("other", document)).missing.length, 2)
      }).pipe(Effect.provide(secretsMemory), Effect.provideService(KnownSecrets, new Set())),
  )

  it("that a reader has moved elsewhere are found by their text, in their own part alone", () => {
    const document = { a: { given: "the-secret", note: "x" }, b: { other: "the-secret" } }
    const hidden = replaceSecrets(document, new Map([["a.moved", "the-secret"]]), () => "hidden")
    assert.deepStrictEqual(hidden, { a: { given: "hidden", note: "x" }, b: { other: "the-secret" } })
  })
})

describe("differences", () => {
  it("tell what was and what is, cut when long, and of secrets only that they changed", () => {
    const before = { name: "A", gone: 1, list: ["x"], secret: ref("s1"), same: ref("s2") }
    const after = { name: "ب".repeat(400), list: [], secret: ref("s3"), same: ref("s2"), new: null }
    assert.deepStrictEqual(differences(before, after), [
      { path: "gone", from: 1 },
      { path: "list", to: [] },
      { path: "list.0", from: "x" },
      { path: "name", from: "A", to: `${"ب".repeat(300)}…` },
      { path: "new", to: null },
      { path: "secret", from: "(secret)", to: "(secret)" },
    ])
    assert.deepStrictEqual(differences(before, before), [])
  })
})

describe("what reaches into the machine or its network", () => {
  const where = (host: string) => [
    ...reachingIn({ accounts: [{ id: "a", settings: { imap: { host } } }] }).keys(),
  ]

  it.each([
    "localhost",
    "127.0.0.1",
    "10.1.2.3",
    "192.168.0.9",
    "172.16.0.1",
    "172.31.255.1",
    "169.254.169.254",
    "[::1]",
    "::1",
    "fd00::1",
    "http://user:pass@127.0.0.1:9000/x",
    "0.0.0.0",
    " LOCALHOST",
  ])("%s", (host) => assert.deepStrictEqual(where(host), ["accounts.a.settings.imap.host"]))

  it.each([
    "imap.acme.example",
    "8.8.8.8",
    "172.32.0.1",
    "localhosts.example.com".slice(9),
    "https://10x.example",
  ])("%s does not", (host) => assert.deepStrictEqual(where(host), []))

  it("names do that have an address there", async () => {
    const addresses: Readonly<Record<string, ReadonlyArray<string>>> = {
      "inside.example": ["10.0.0.5"],
      "mixed.example": ["8.8.8.8", "::1"],
      "public.example": ["8.8.8.8", "2606:4700::1"],
    }
    const document = {
      accounts: [
        { id: "a", settings: { apiBaseUrl: "https://inside.example:8443/v1" } },
        { id: "b", settings: { imap: { host: "mixed.example" } } },
        { id: "c", settings: { imap: { host: "public.example" } } },
        { id: "d", settings: { mediaHosts: ["public.example", "inside.example"] } },
        { id: "e", settings: { url: "https://of-nobody.example" } },
      ],
    }
    const addressesOf = async (name: string) => addresses[name] ?? Promise.reject(new Error("ENOTFOUND"))
    const found = await Effect.runPromise(namesReachingIn({}, document, addressesOf))
    assert.deepStrictEqual(
      [...found.keys()],
      ["accounts.a.settings.apiBaseUrl", "accounts.b.settings.imap.host", "accounts.d.settings.mediaHosts.1"],
    )
    // Who put them there was asked then; they do not keep others from changing the rest.
    assert.strictEqual((await Effect.runPromise(namesReachingIn(document, document, addressesOf))).size, 0)
  })

  it("folders do, wherever they are", () => {
    const found = reachingIn({ sources: [{ id: "f", type: "folder", path: "/etc" }] })
    assert.deepStrictEqual([...found], [["sources.f", "/etc"]])
  })
})
