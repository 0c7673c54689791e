/** Emulated Zendesk, mail server and runtime in this process, and what the scenarios do in it. */
import {
  type DemoTuning,
  mailsTo,
  type SeenTicket,
  sendMail,
  startWorld,
  tickets,
  until,
  users,
  type World,
} from "@opencx/runtime"
import type { Call } from "@opencx/zendesk-emulator"
import { Effect, type FileSystem, Logger, type Path, type Scope } from "effect"
import type { HttpClient } from "effect/http"
import { temporaryDir } from "../process/temporary.ts"

/**
 * Not limited by the emulated plan, and no background reads of tickets in between: calls are then the scenario's own.
 * `tuning`: what the sample organization's configuration says differently.
 */
export const quietWorldWith = (
  tuning: DemoTuning,
): Effect.Effect<World, Error, Scope.Scope | FileSystem.FileSystem | Path.Path | HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const dataDir = yield* temporaryDir
    return yield* startWorld({
      dataDir,
      ports: { http: 0, emulator: 0, smtp: 0, sink: 0 },
      emulator: { limits: { requestsPerMinute: 1_000_000 } },
      tuning: { reconcileSeconds: 86_400, ...tuning },
    })
  }).pipe(Effect.provide(Logger.layer([])))

export const quietWorld = quietWorldWith({})

export const wantsHuman = "I want to talk to a human, please."

export interface Written {
  readonly from: string
  readonly text: string
  /** Address to write to; the support address where absent. */
  readonly to?: string
  readonly inReplyTo?: string
}

/** Resolves when the runtime has taken the mail (SMTP 250); answers with that moment, in epoch milliseconds. */
export const write = (world: World, mail: Written) => {
  const [host = "", port = ""] = world.urls.smtp.split(":")
  return Effect.map(
    sendMail({
      host,
      port: Number(port),
      from: mail.from,
      to: mail.to ?? world.urls.supportAddress,
      subject: "About my order",
      text: mail.text,
      inReplyTo: mail.inReplyTo ?? null,
    }),
    () => Date.now(),
  )
}

/** The customer's mail number `count`, as soon as it is there. */
export const mailNumber = (world: World, address: string, count: number) =>
  until(`mail ${count} to ${address}`, () => mailsTo(world, address)[count - 1], 20)

/** The customer's newest ticket, once the customer has been told of it. */
export const ticketOf = (world: World, address: string) =>
  until(`a ticket of ${address}`, (): SeenTicket | undefined => {
    const requester = users(world).find((user) => user.email === address)
    const told = mailsTo(world, address).length > 0
    return told ? tickets(world).findLast((ticket) => ticket.requester_id === requester?.id) : undefined
  })

/** API calls after number `since`; tokens and Help Center reads are not part of a conversation. */
export const apiCalls = (world: World, since: number): ReadonlyArray<Call> =>
  world.emulator
    .calls(since)
    .filter((call) => call.path.startsWith("/api/v2/") && !call.path.includes("help_center"))

export const lastCall = (world: World): number => world.emulator.calls().at(-1)?.n ?? 0

/** Waits until Zendesk has had no call and sent no webhook for half a second. */
export const calm = Effect.fnUntraced(function* (world: World) {
  let seen = -1
  for (let still = 0; still < 5; still += 1) {
    yield* Effect.sleep("100 millis")
    const now =
      lastCall(world) + world.emulator.counts().deliveries + world.emulator.counts().pendingDeliveries * 1e6
    if (now !== seen) still = 0
    seen = now
  }
})
