/** The phone plugin: what it can do, and where its parts are. */
import {
  type Account,
  type ChannelEvent,
  type ChannelPlugin,
  definePlugin,
  type HookAnswer,
  type MalformedInput,
  type RawRequest,
  SignatureRejected,
} from "@opencx/core"
import { Clock, Effect } from "effect"
import { lookForMissedReports } from "./hosted/missed/look.ts"
import { decodeRetell, verifyRetell } from "./hosted/retell.ts"
import { answerVapi, decodeVapi } from "./hosted/vapi.ts"
import { verifyVapi } from "./hosted/vapiAuth.ts"
import { openSender } from "./outbound/open.ts"
import { Calls } from "./relay/Calls.ts"
import { relayRoutes } from "./relay/routes.ts"
import { PhoneSettings, textLineOf } from "./settings/PhoneSettings.ts"
import { decodeReceipt } from "./sms/receipts.ts"
import { nothing } from "./twilio/answers.ts"
import { answerTwilio, decodeTwilio, verifyTwilioHook } from "./twilio/hooks.ts"
import { hookQueryOf } from "./twilio/links.ts"
import { parseForm } from "./twilio/signature.ts"

type PhoneAccount = Account<PhoneSettings>

/** Twilio reports on texts to the same URL, whoever holds the calls. */
const isReceipt = (request: RawRequest): boolean => hookQueryOf(request.url).event === "sms"

const verify = (request: RawRequest, account: PhoneAccount): Effect.Effect<void, SignatureRejected> => {
  const { settings } = account
  if (settings.provider === "twilio") return verifyTwilioHook(request, settings)
  if (isReceipt(request)) {
    const line = textLineOf(settings)
    return line === null
      ? Effect.fail(new SignatureRejected({ detail: "this account sends no text messages" }))
      : verifyTwilioHook(request, line)
  }
  return settings.provider === "vapi"
    ? verifyVapi(request, { ...account, settings })
    : verifyRetell(request, { ...account, settings })
}

const decode = (
  request: RawRequest,
  account: PhoneAccount,
  calls: Calls,
): Effect.Effect<ReadonlyArray<ChannelEvent>, MalformedInput | SignatureRejected> => {
  const { settings } = account
  if (settings.provider === "twilio") return decodeTwilio(request, { ...account, settings }, calls)
  if (isReceipt(request))
    return Clock.currentTimeMillis.pipe(
      Effect.flatMap((now) => decodeReceipt(parseForm(request.body), hookQueryOf(request.url), now)),
      Effect.map((event) => [event]),
    )
  return settings.provider === "vapi"
    ? decodeVapi(request, { ...account, settings })
    : decodeRetell(request, { ...account, settings })
}

const answer = (request: RawRequest, account: PhoneAccount): HookAnswer => {
  const { settings } = account
  if (settings.provider === "twilio") return answerTwilio(request, { ...account, settings })
  if (isReceipt(request)) return { status: 200, contentType: "text/xml", body: nothing }
  return settings.provider === "vapi"
    ? answerVapi(request, { ...account, settings })
    : { status: 200, contentType: "application/json", body: "{}" }
}

/** Makes a phone plugin with a memory of calls of its own. */
export const makePhonePlugin = (): ChannelPlugin => {
  const calls = new Calls()
  return definePlugin({
    id: "phone",
    title: "Phone",
    capabilities: {
      handoff: "messaging",
      channelTag: "phone",
      textLimit: null,
      markup: "speech",
      media: { inbound: false, outbound: false, maxBytes: 0 },
      receipts: false,
      typing: true,
      replyWindowMinutes: null,
      optOutWords: [],
    },
    identity: ["phone"],
    settings: PhoneSettings,
    inbound: {
      verify,
      decode: (request, account) => decode(request, account, calls),
      answer,
      routes: (host) => relayRoutes(host, calls),
      listen: lookForMissedReports,
    },
    outbound: { open: (account) => Effect.succeed(openSender(account, calls)) },
  })
}

/** Phone calls: Twilio ConversationRelay with our own assistant; Vapi and Retell with theirs. */
export const phonePlugin: ChannelPlugin = makePhonePlugin()
