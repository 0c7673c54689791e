/** The TwiML of a call: relay, transfer, voicemail, end. Targets come from settings alone. */
import type { Account } from "@opencx/core"
import type { Caller } from "../caller/Caller.ts"
import type { TwilioSettings } from "../settings/twilio.ts"
import { hookUrl, relayUrl, signRelay } from "./links.ts"
import { type Element, twiml } from "./twiml.ts"

type TwilioAccount = Account<TwilioSettings>

/** Fits a configured language, as `<Say>` wants it. */
const say = (account: TwilioAccount, text: string): Element => ({
  name: "Say",
  attributes: { language: account.settings.language },
  children: [text],
})

const hangUp: Element = { name: "Hangup" }

/** What a callback must know again: how often the relay was connected anew, and whether the number was attested. */
const memory = (caller: Caller, tries: number) => ({
  tries: String(tries),
  caller: caller._tag === "Number" && caller.verified ? "attested" : "claimed",
})

/** Hands the call to the relay. `tries` > 0: the relay was lost; the caller is not greeted again. */
export const connectRelay = (
  account: TwilioAccount,
  callSid: string,
  caller: Caller,
  now: number,
  tries: number,
): string => {
  const { settings } = account
  const greeting = [settings.disclosure, settings.greeting].filter((t) => t !== undefined).join(" ")
  return twiml({
    name: "Connect",
    attributes: { action: hookUrl(account, "action", memory(caller, tries)), method: "POST" },
    children: [
      {
        name: "ConversationRelay",
        attributes: {
          url: relayUrl(account, signRelay(account, { callSid, issuedAt: now, caller })),
          welcomeGreeting: tries === 0 ? greeting : undefined,
          language: settings.language,
          ...settings.voice,
          interruptible: settings.interruptible,
          dtmfDetection: true,
        },
        children: settings.languages.map((language) => ({ name: "Language", attributes: { ...language } })),
      },
    ],
  })
}

/** Rings or queues at the configured target. */
export const transfer = (account: TwilioAccount, caller: Caller): string => {
  const { settings } = account
  const target = settings.transfer
  switch (target._tag) {
    case "none":
      return nobody(account, caller)
    case "enqueue":
      return twiml({
        name: "Enqueue",
        attributes: { action: hookUrl(account, "queue", memory(caller, 0)), method: "POST" },
        children: [target.queue],
      })
    case "dial":
      return twiml({
        name: "Dial",
        attributes: {
          action: hookUrl(account, "dial", memory(caller, 0)),
          method: "POST",
          timeout: target.timeoutSeconds,
        },
        children: [
          target.number !== undefined
            ? { name: "Number", children: [target.number] }
            : { name: "Sip", children: [target.sip ?? ""] },
        ],
      })
  }
}

/** Nobody took the call: said so, and a voicemail where it is set up. */
export const nobody = (account: TwilioAccount, caller: Caller): string => {
  const { nobodyText, voicemail } = account.settings
  if (voicemail === undefined) return twiml(say(account, nobodyText), hangUp)
  return twiml(
    say(account, nobodyText),
    say(account, voicemail.text),
    {
      name: "Record",
      attributes: {
        action: hookUrl(account, "voicemail", memory(caller, 0)),
        method: "POST",
        maxLength: voicemail.maxSeconds,
        playBeep: true,
      },
    },
    hangUp,
  )
}

/** The end of a call, with a last sentence or without. */
export const goodbye = (account: TwilioAccount, text: string | null): string =>
  text === null ? twiml(hangUp) : twiml(say(account, text), hangUp)

/** Nothing to do: what status callbacks get. */
export const nothing = twiml()
