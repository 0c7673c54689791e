/** The state of a fake account. */
import { systemClock } from "./edge.ts"
import type { FakeMedia, TwilioMessage } from "./model.ts"

export interface FakeTwilioOptions {
  readonly accountSid: string
  readonly authToken: string
  readonly host?: string
  readonly port?: number
  /** Epoch milliseconds; default: the system's clock. */
  readonly now?: () => number
  /** Report `sent` and `delivered` by themselves after each message (for demonstrations). Default: false. */
  readonly autoDeliver?: boolean
  /** How long a webhook may take, in milliseconds. Default: Twilio's 15,000. */
  readonly webhookTimeoutMs?: number
}

/** The state of one account. */
export class TwilioState {
  readonly messages: Array<TwilioMessage> = []
  readonly media = new Map<string, FakeMedia>()
  /** `customer|ours` pairs that are opted out. */
  readonly optedOut = new Set<string>()
  /** Base URL of the host that holds the files. */
  cdnUrl = ""
  readonly accountSid: string
  readonly authToken: string
  readonly now: () => number
  constructor(options: FakeTwilioOptions) {
    this.accountSid = options.accountSid
    this.authToken = options.authToken
    this.now = options.now ?? systemClock
  }
}
