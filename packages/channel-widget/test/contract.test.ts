/** The contract that every channel plugin keeps, for the widget. */
import type { ChannelPlugin, OutboundMessage } from "@opencx/core"
import { channelContract, type FakeProvider } from "@opencx/testing"
import { Effect } from "effect"
import { generateKeyPairSync } from "node:crypto"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { widgetPlugin } from "../src/index.ts"
import { bindAccount, sampleMessage } from "@opencx/testing"
import { textOf } from "./support/html.ts"
import { client, signer, siteKey, startWorld, type World } from "./support/world.ts"

const path = "../src/browser/markdown.ts"
const { markdown }: { readonly markdown: (text: string) => ReadonlyArray<never> } = await import(path)

const secret = "contract-secret-of-more-than-32-bytes"
const publicKey = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString()
const privateKey = generateKeyPairSync("ed25519")
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString()
const weakKey = generateKeyPairSync("rsa", { modulusLength: 1024 })
  .publicKey.export({ type: "spki", format: "pem" })
  .toString()

const settings = {
  siteKey,
  origins: ["https://www.acme.example", "http://localhost:3000"],
  texts: { "*": { greeting: "Hi!" }, ar: { greeting: "أهلا!" } },
  theme: { accent: "#0a7", radius: "8px" },
  identity: [
    { kid: "hs", alg: "HS256", key: secret },
    { kid: "ed", alg: "EdDSA", key: publicKey },
  ],
  consent: "I agree",
}

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

/** What stands in which timeline already. */
const said = new Set<string>()

/**
 * The engine puts what is said into the timeline before it asks the plugin to send. This does the same, and then reads as
 * browsers do: over HTTP, and through the widget's own Markdown.
 */
const withTimeline = (thread: () => string): ChannelPlugin => ({
  ...widgetPlugin,
  bind: (account) =>
    Effect.map(widgetPlugin.bind(account), (bound) => ({
      ...bound,
      open: Effect.map(bound.open, (sender) => ({
        ...sender,
        send: (message: OutboundMessage, to) =>
          Effect.suspend(() => {
            // A line stands in the timeline once, however often it is sent.
            if (!said.has(`${thread()} ${message.deliveryId}`))
              world.timeline.say(thread(), "ai", message.text, { id: message.deliveryId })
            said.add(`${thread()} ${message.deliveryId}`)
            return sender.send(message, to)
          }),
      })),
    })),
})

let conversation = ""
const browser: Effect.Effect<FakeProvider> = Effect.promise(async () => {
  const visitor = client(world)
  const session = await visitor.session()
  conversation = session.conversation
  return {
    settings,
    address: JSON.stringify({ thread: conversation }),
    received: Effect.promise(async () => {
      const page: { readonly lines: ReadonlyArray<{ readonly text: string }> } = JSON.parse(
        await (await visitor.get("lines", session.token)).text(),
      )
      return page.lines.map(({ text }) => markdown(text).map(textOf).join(""))
    }),
  }
})

channelContract(
  withTimeline(() => conversation),
  {
    settings,
    secrets: [secret, publicKey],
    rejected: [
      { name: "a short site key", settings: { ...settings, siteKey: "abc" }, mentions: "siteKey" },
      { name: "no origins", settings: { ...settings, origins: [] }, mentions: "origins" },
      {
        name: "an origin with a path",
        settings: { ...settings, origins: ["https://a.example/x"] },
        mentions: "origin",
      },
      { name: "a pattern", settings: { ...settings, origins: ["https://*.a.example"] }, mentions: "origin" },
      {
        name: "an origin without TLS",
        settings: { ...settings, origins: ["http://a.example"] },
        mentions: "https",
      },
      {
        name: "a short secret",
        settings: { ...settings, identity: [{ kid: "a", alg: "HS256", key: "short" }] },
        mentions: "32 bytes",
      },
      {
        name: "a private key",
        settings: { ...settings, identity: [{ kid: "a", alg: "EdDSA", key: privateKey }] },
        mentions: "public key",
      },
      {
        name: "a weak RSA key",
        settings: { ...settings, identity: [{ kid: "a", alg: "RS256", key: weakKey }] },
        mentions: "2048",
      },
      {
        name: "a key of another kind",
        settings: { ...settings, identity: [{ kid: "a", alg: "RS256", key: publicKey }] },
        mentions: "RSA",
      },
      {
        name: "alg none",
        settings: { ...settings, identity: [{ kid: "a", alg: "none", key: secret }] },
        mentions: "alg",
      },
      {
        name: "a style that loads something",
        settings: { ...settings, theme: { accent: "url(https://evil.example/x)" } },
        mentions: "url()",
      },
      { name: "an unknown language", settings: { ...settings, locale: "xx" }, mentions: "languages" },
    ],
    webhooks: null,
    sending: [{ name: "everything that stands in the timeline is sent", start: browser, expect: "sent" }],
    rendering: {
      start: browser,
      leaveOut: {
        "10,000 characters":
          "an answer is one line of the timeline, and the widget shows it whole; see the Markdown tests",
      },
    },
    signer: signer("contract"),
  },
)

describe("sending", () => {
  it("gives the delivery's own id back: what the browser will name in its receipts", async () => {
    const receipt = await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const bound = yield* bindAccount(widgetPlugin, settings, signer("contract"))
          const sender = yield* bound.open
          return yield* sender.send(sampleMessage(), { key: "v1", address: "{}", lastInboundAt: null })
        }),
      ),
    )
    const { deliveryId } = sampleMessage()
    assert.deepStrictEqual(receipt, { providerId: deliveryId, messageId: deliveryId })
  })
})
