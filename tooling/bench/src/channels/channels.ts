/** What the engine adds on the real-time channels, from the customer's or the human's words to the provider. */
import { Effect } from "effect"
import type { Bench } from "../report/Bench.ts"
import { quietWorldWith, wantsHuman } from "../scenarios/world.ts"
import { withoutThinking } from "./agent.ts"
import { handoffs } from "./handoffs.ts"
import { answered, replied } from "./messages.ts"
import { smsPhones, whatsappPhones } from "./phones.ts"
import { hookUrls } from "@opencx/runtime"

export const channels: Bench = Effect.scoped(
  Effect.gen(function* () {
    const world = yield* quietWorldWith({ handoff: { maxAnswersPerTenMinutes: 100 } })
    yield* withoutThinking(world.services, wantsHuman)
    const hooks = yield* Effect.provide(hookUrls, world.services)
    const hook = hooks.find(({ what }) => what === "whatsapp account whatsapp")?.url ?? ""
    const sms = yield* smsPhones(world)
    const whatsapp = yield* whatsappPhones(world, hook)
    const bySms = yield* answered(sms, 10)
    const byWhatsapp = yield* answered(whatsapp, 20)
    const smsReplies = yield* replied(world, sms, 30, bySms.bare)
    const whatsappReplies = yield* replied(world, whatsapp, 40, byWhatsapp.bare)
    const byHandoff = yield* handoffs(world, sms, (n) => `+1415556${String(1000 + n)}`)
    return {
      figures: [...bySms.figures, ...byWhatsapp.figures, ...smsReplies, ...whatsappReplies, ...byHandoff],
      remark: null,
    }
  }),
)
