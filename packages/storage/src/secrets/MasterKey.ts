/** The installation's master key: from the environment, or from a file that is made at the first start. */
import { Config, Context, Effect, Layer, Option, Redacted, Schema } from "effect"
import { type KeyRing, keyIdOf, keyRing, type Label, open, parseKey, seal } from "./cipher.ts"
import { keyFileIn, keyLines, readKeyFile, readOrCreateKeyFile } from "./keyFile.ts"

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

/** The first one seals; the others may still open. */
type Rings = readonly [KeyRing, ...ReadonlyArray<KeyRing>]

/** `again`: the keys as they are now, for a process that was started before a rotation; null when they cannot be read. */
const make = (first: Rings, again: () => Rings | null): MasterKey["Service"] => {
  let rings = new Map(first.map((ring) => [ring.id, ring]))
  let current = first[0]
  const ringNamed = (keyId: string): KeyRing | undefined => {
    const known = rings.get(keyId)
    if (known !== undefined) return known
    const now = again()
    if (now === null) return undefined
    current = now[0]
    rings = new Map([...rings, ...now.map((ring) => [ring.id, ring] as const)])
    return rings.get(keyId)
  }
  const openEnvelope = Effect.fnUntraced(function* (label: Label, envelope: string) {
    const keyId = keyIdOf(envelope)
    if (keyId === null)
      return yield* new SealBroken({ detail: "it is not sealed in a way that this release knows" })
    const ring = ringNamed(keyId)
    if (ring === undefined) {
      const detail = `it was sealed under the master key ${keyId}, and we have ${[...rings.keys()].join(", ")}`
      return yield* new SealBroken({ detail })
    }
    const plain = open(ring, label, envelope)
    return plain ?? (yield* new SealBroken({ detail: "it was changed, or sealed for another place" }))
  })
  return MasterKey.of({
    keyId: first[0].id,
    seal: (label, plain) => seal(current, label, plain),
    open: openEnvelope,
    derive: first[0].derive,
  })
}

const noMore = () => null

/** The keys of a key file; null when one of its lines is no key, or there is none. */
const ringsIn = (text: string): Rings | null => {
  const [first, ...older] = keyLines(text).flatMap((line) => {
    const key = parseKey(line)
    return key === null ? [] : [keyRing(key)]
  })
  return first === undefined || older.length + 1 < keyLines(text).length ? null : [first, ...older]
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
  const rings = ringsIn(found.text)
  return rings ?? (yield* reject(`What the file ${file} holds is not a master key`, howToMakeOne))
})

const settings = Config.all({
  current: Config.option(Config.Redacted("OPENCX_MASTER_KEY")),
  previous: Config.option(Config.Redacted("OPENCX_MASTER_KEY_PREVIOUS")),
})

/** A key from bytes: for tests, and for hosts with a key store of their own. */
export const layerFromBytes = (
  key: Uint8Array,
  previous: ReadonlyArray<Uint8Array> = [],
): Layer.Layer<MasterKey> => Layer.succeed(MasterKey, make([keyRing(key), ...previous.map(keyRing)], noMore))

/** What is sealed under a key that came later is opened by a process that came earlier. */
const rereadFile = (file: string) => (): Rings | null => {
  const text = readKeyFile(file)
  return text === null ? null : ringsIn(text)
}

/**
 * `OPENCX_MASTER_KEY`, else the file `master.key` in the data directory (made with mode 600 when there is none; refused
 * when others may read it; after a rotation it holds the earlier keys too, one a line). `OPENCX_MASTER_KEY_PREVIOUS`: earlier keys, separated by commas, that may still open.
 */
export const layer = (options: {
  readonly directory: string
}): Layer.Layer<MasterKey, MasterKeyRejected | Config.ConfigError> =>
  Layer.effect(
    MasterKey,
    Effect.gen(function* () {
      const { current, previous } = yield* settings
      const file = keyFileIn(options.directory)
      const [ring, ...inFile] = yield* Option.match(current, {
        onSome: (text) =>
          Effect.map(ringFrom(Redacted.value(text), "OPENCX_MASTER_KEY"), (one): Rings => [one]),
        onNone: () => fromFile(file),
      })
      const texts = Option.match(previous, {
        onNone: () => [],
        onSome: (all) => Redacted.value(all).split(","),
      })
      const older = yield* Effect.forEach(
        texts.filter((text) => text.trim() !== ""),
        (text) => ringFrom(text, "A key in OPENCX_MASTER_KEY_PREVIOUS"),
      )
      return make([ring, ...inFile, ...older], Option.isSome(current) ? noMore : rereadFile(file))
    }),
  )
