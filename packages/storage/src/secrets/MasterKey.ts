/** The installation's master key: from the environment, or from a file that is made at the first start. */
import { Config, Context, Effect, Layer, Option, Redacted, Schema } from "effect"
import { type KeyRing, keyIdOf, keyRing, type Label, open, parseKey, seal } from "./cipher.ts"
import { keyFileIn, readOrCreateKeyFile } from "./keyFile.ts"

/** There is no usable master key. Nothing was started. `hint` says what to do. */
export class MasterKeyRejected extends Schema.TaggedError<MasterKeyRejected>(
  "@opencx/storage/MasterKeyRejected",
)("MasterKeyRejected", { detail: Schema.String, hint: Schema.String }) {
  override get message(): string {
    return `${this.detail}. ${this.hint}`
  }
}

/** An envelope cannot be opened with the keys that we have. */
export class SealBroken extends Schema.TaggedError<SealBroken>("@opencx/storage/SealBroken")("SealBroken", {
  detail: Schema.String,
}) {}

export class MasterKey extends Context.Service<
  MasterKey,
  {
    /** Names the key that seals now; tells nothing about it. */
    readonly keyId: string
    /** Seals a text for one place. The same text gives another envelope each time. */
    readonly seal: (label: Label, plain: string) => string
    /** Opens what was sealed for the same place, under this key or a previous one. */
    readonly open: (label: Label, envelope: string) => Effect.Effect<string, SealBroken>
    /** 32 bytes for another purpose (HKDF-SHA-256), the same at every start; different purposes are independent. */
    readonly derive: (purpose: string) => Uint8Array
  }
>()("@opencx/storage/secrets/MasterKey") {}

const reject = (detail: string, hint: string) => new MasterKeyRejected({ detail, hint })

const howToMakeOne = "Give 32 random bytes as base64 or hexadecimal: openssl rand -base64 32"

const make = (current: KeyRing, previous: ReadonlyArray<KeyRing>): MasterKey["Service"] => {
  const rings = new Map([...previous, current].map((ring) => [ring.id, ring]))
  const openEnvelope = Effect.fnUntraced(function* (label: Label, envelope: string) {
    const keyId = keyIdOf(envelope)
    if (keyId === null)
      return yield* new SealBroken({ detail: "it is not sealed in a way that this release knows" })
    const ring = rings.get(keyId)
    if (ring === undefined) {
      const detail = `it was sealed under the master key ${keyId}, and we have ${[...rings.keys()].join(", ")}`
      return yield* new SealBroken({ detail })
    }
    const plain = open(ring, label, envelope)
    return plain ?? (yield* new SealBroken({ detail: "it was changed, or sealed for another place" }))
  })
  return MasterKey.of({
    keyId: current.id,
    seal: (label, plain) => seal(current, label, plain),
    open: openEnvelope,
    derive: current.derive,
  })
}

const ringFrom = (text: string, source: string) => {
  const key = parseKey(text)
  return key === null
    ? Effect.fail(reject(`${source} is not a master key`, howToMakeOne))
    : Effect.succeed(keyRing(key))
}

const fromFile = Effect.fnUntraced(function* (file: string) {
  const found = yield* Effect.try({
    try: () => readOrCreateKeyFile(file),
    catch: (cause) =>
      reject(
        `The key file ${file} cannot be read or made: ${cause instanceof Error ? cause.message : String(cause)}`,
        "Check the directory's permissions, or set OPENCX_MASTER_KEY.",
      ),
  })
  if (!found.ok) {
    return yield* reject(
      `The key file ${file} has mode ${found.mode}: others may read it`,
      `Run: chmod 600 ${file}`,
    )
  }
  return yield* ringFrom(found.text, `What the file ${file} holds`)
})

const settings = Config.all({
  current: Config.option(Config.Redacted("OPENCX_MASTER_KEY")),
  previous: Config.option(Config.Redacted("OPENCX_MASTER_KEY_PREVIOUS")),
})

/** A key from bytes: for tests, and for hosts with a key store of their own. */
export const layerFromBytes = (
  key: Uint8Array,
  previous: ReadonlyArray<Uint8Array> = [],
): Layer.Layer<MasterKey> => Layer.succeed(MasterKey, make(keyRing(key), previous.map(keyRing)))

/**
 * `OPENCX_MASTER_KEY`, else the file `master.key` in the data directory (made with mode 600 when there is none; refused
 * when others may read it). `OPENCX_MASTER_KEY_PREVIOUS`: earlier keys, separated by commas, that may still open.
 */
export const layer = (options: {
  readonly directory: string
}): Layer.Layer<MasterKey, MasterKeyRejected | Config.ConfigError> =>
  Layer.effect(
    MasterKey,
    Effect.gen(function* () {
      const { current, previous } = yield* settings
      const ring = yield* Option.match(current, {
        onSome: (text) => ringFrom(Redacted.value(text), "OPENCX_MASTER_KEY"),
        onNone: () => fromFile(keyFileIn(options.directory)),
      })
      const texts = Option.match(previous, {
        onNone: () => [],
        onSome: (all) => Redacted.value(all).split(","),
      })
      const older = yield* Effect.forEach(
        texts.filter((text) => text.trim() !== ""),
        (text) => ringFrom(text, "A key in OPENCX_MASTER_KEY_PREVIOUS"),
      )
      return make(ring, older)
    }),
  )
