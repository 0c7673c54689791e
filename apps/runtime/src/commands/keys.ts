/** `opencx keys`: the master key and the signing key, changed without losing anything. */
import { KeyUpkeep, KeyUpkeeps } from "@opencx/storage"
import { Console, DateTime, Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { ConfigurationError } from "../config/ConfigError.ts"
import { type Resealing, reseal, rotateMasterKey } from "../operate/keys.ts"
import { onData } from "../operate/onData.ts"
import { rotateKeys } from "../signing/keys.ts"
import { configured, withData } from "./data.ts"
import { environment } from "./environment.ts"
import { configFlag, jsonFlag } from "./flags.ts"
import { printJson } from "./output.ts"

const flags = { config: configFlag, json: jsonFlag }

const upkeep = Effect.service(KeyUpkeep)

const status = Command.make("status", flags, ({ config, json }) =>
  withData(config, () =>
    Effect.gen(function* () {
      const use = yield* (yield* upkeep).use
      if (json) return yield* printJson(use)
      yield* Console.log(`Seals now: ${use.current}`)
      for (const [id, count] of Object.entries(use.secrets))
        yield* Console.log(`  ${count} secrets under ${id}${id === use.current ? "" : " (reseal them)"}`)
    }),
  ),
).pipe(Command.withDescription("Which master key seals, and how many secrets lie under which"))

const tell = Effect.fnUntraced(function* ({ broken, current, resealed }: Resealing, json: boolean) {
  if (json) yield* printJson({ current, resealed, broken })
  else yield* Console.log(`${resealed} secrets sealed anew under ${current}.`)
  if (broken.length > 0)
    return yield* new ConfigurationError({
      problem: `No key of ours opens: ${broken.join(", ")}. They stay as they are.`,
      hint: "Name the key that sealed them in OPENCX_MASTER_KEY_PREVIOUS and run `opencx keys reseal`, or put them again.",
    })
})

/** A key that the environment gives can only be changed there. */
const inFile = Effect.suspend(() =>
  environment["OPENCX_MASTER_KEY"]
    ? Effect.fail(
        new ConfigurationError({
          problem: "The master key comes from OPENCX_MASTER_KEY, which this command cannot change.",
          hint: "Make a key (openssl rand -base64 32), set it as OPENCX_MASTER_KEY with the old one as OPENCX_MASTER_KEY_PREVIOUS, restart the runtime, and run `opencx keys reseal`. Then drop the old one.",
        }),
      )
    : Effect.void,
)

const rotate = Command.make("rotate", flags, ({ config, json }) =>
  Effect.gen(function* () {
    yield* inFile
    yield* tell(yield* rotateMasterKey(yield* configured(config)), json)
    if (!json)
      yield* Console.log(
        "A runtime that is up reads the new key by itself. The old key stays in the file: back the file up anew, and run `opencx keys forget` when no older backup is needed.",
      )
  }),
).pipe(Command.withDescription("A new master key in the key file, and everything sealed anew under it"))

const resealed = Command.make("reseal", flags, ({ config, json }) =>
  withData(config, () => Effect.flatMap(reseal, (done) => tell(done, json))),
).pipe(Command.withDescription("Seal everything anew under the present master key"))

const forget = Command.make("forget", flags, ({ config, json }) =>
  Effect.gen(function* () {
    yield* inFile
    const checked = yield* configured(config)
    yield* tell(yield* onData(checked, reseal), json)
    yield* KeyUpkeeps.dropOldKeysFromFile(checked.dataDir)
    if (!json) yield* Console.log("Earlier keys are gone from the key file.")
  }),
).pipe(Command.withDescription("Drop earlier master keys from the key file; nothing is sealed under them"))

const whatIsLost =
  "Gone for good are stored credentials (put them again), consents (opencx connect zendesk), and, if it is among them, the key that signs webhook URLs: a new one is made at the next start, so paste the URLs of `opencx urls` anew, or run opencx setup zendesk."

const lost = Command.make(
  "lost",
  {
    ...flags,
    yes: Flag.Boolean("yes").pipe(
      Flag.withDescription("Remove them; without it they are only named"),
      Flag.withDefault(false),
    ),
  },
  ({ config, json, yes }) =>
    withData(config, () =>
      Effect.gen(function* () {
        const keys = yield* upkeep
        const names = yield* yes ? keys.dropUnreadable : keys.unreadable
        if (json) return yield* printJson({ unreadable: names, removed: yes })
        if (names.length === 0) return yield* Console.log("Every stored secret can be opened.")
        yield* Console.log(`${yes ? "Removed" : "No key of ours opens"}: ${names.join(", ")}. ${whatIsLost}`)
        if (!yes)
          yield* Console.log(
            "If the key is somewhere, in a backup of the data directory or a store of secrets, put it back and remove nothing. Else: opencx keys lost --yes.",
          )
      }),
    ),
).pipe(
  Command.withDescription("What no master key of ours opens; and, when it is lost for good, away with it"),
)

const signing = Command.make(
  "rotate-signing",
  {
    ...flags,
    keepDays: Flag.Int("keep-days").pipe(
      Flag.withDescription("How long the old key's URLs and reply addresses are accepted; 0: not at all"),
      Flag.filter(
        (days) => days >= 0 && days <= 3650,
        () => "Give a number of days from 0 to 3650.",
      ),
      Flag.withDefault(90),
    ),
  },
  ({ config, json, keepDays }) =>
    withData(config, () =>
      Effect.gen(function* () {
        const until = DateTime.formatIso(DateTime.makeUnsafe(yield* rotateKeys(keepDays * 86_400_000)))
        if (json) return yield* printJson({ acceptedUntil: keepDays === 0 ? null : until })
        return yield* Console.log(
          keepDays === 0
            ? "A new key signs. Nothing that the old one signed is accepted: paste the URLs of `opencx urls` anew, and restart the runtime."
            : `A new key signs. What the old one signed is accepted until ${until}: paste the URLs of \`opencx urls\` anew before then.`,
        )
      }),
    ),
).pipe(Command.withDescription("A new key for webhook URLs and reply addresses, with an overlap"))

export const keys = Command.make("keys").pipe(
  Command.withDescription("The master key and the signing key: status, rotation"),
  Command.withSubcommands([status, rotate, resealed, forget, lost, signing]),
)
