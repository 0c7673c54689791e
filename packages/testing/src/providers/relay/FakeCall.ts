/** One call, as Twilio carries it: runs TwiML, holds the relay's socket, calls back. */
import { randomBytes } from "node:crypto"
import { type FormAnswer, postForm, twilioSignature } from "./http.ts"
import { parseTwiml, type TwimlElement } from "./twiml.ts"
import { Watch } from "./Watch.ts"
import { openWebSocket, type WebSocketLink } from "./websocket.ts"

/** How a call is made, and how the world around it behaves. */
export interface CallOptions {
  readonly voiceUrl: string
  readonly from: string
  readonly to: string
  /** `TN-Validation-Passed-A` is the full attestation. */
  readonly stirVerstat?: string
  readonly callerName?: string
  /** What becomes of `<Dial>`: `completed`, `no-answer`, `busy`, `failed`. Default: completed. */
  readonly dialResult?: string
  /** What becomes of `<Enqueue>`: `bridged`, `hangup`, `queue-full`. Default: bridged. */
  readonly queueResult?: string
  /** Seconds of voicemail that the caller leaves; 0: none. */
  readonly voicemailSeconds?: number
  /** Awaited before a request that could not connect is made once more, as Twilio does by default. */
  readonly beforeRetry?: () => Promise<void>
}

export interface CallWorld {
  readonly accountSid: string
  readonly authToken: string
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** A piece of speech as it came. */
export interface HeardToken {
  readonly token: string
  readonly last: boolean
  readonly at: number
}

export interface CallRequest {
  readonly url: string
  readonly form: Readonly<Record<string, string>>
  readonly answer: FormAnswer
}

const sid = (prefix: string): string => prefix + randomBytes(16).toString("hex")

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

/** A relay session: open until either side ends it. */
interface Session {
  readonly id: string
  readonly link: WebSocketLink
  handoffData: string | null
}

/** A call that goes on by itself; the caller's side is played by its methods. */
export class FakeCall {
  readonly callSid = sid("CA")
  /** Everything the voice was given, in order. */
  readonly heard: Array<HeardToken> = []
  /** `<Say>` and greetings. */
  readonly said: Array<string> = []
  readonly dialled: Array<{ readonly kind: string; readonly target: string }> = []
  readonly queued: Array<string> = []
  /** Requests that were made to us, with what was answered. */
  readonly requests: Array<CallRequest> = []
  /** Attributes of each `<ConversationRelay>`. */
  readonly relays: Array<TwimlElement> = []
  /** WebSocket close codes, and HTTP statuses of refused upgrades. */
  readonly closes: Array<number> = []
  readonly errors: Array<string> = []
  status: "in-progress" | "completed" = "in-progress"
  private session: Session | null = null
  private hungUp = false
  private readonly watch = new Watch()
  private readonly options: CallOptions
  private readonly world: CallWorld

  constructor(options: CallOptions, world: CallWorld) {
    this.options = options
    this.world = world
  }

  /** Dials in; resolves when the relay is connected or the call is over. */
  async start(): Promise<void> {
    void this.request(this.options.voiceUrl, { CallStatus: "ringing", ...this.attestation() })
      .then((answer) => this.run(answer))
      .catch((error: unknown) => this.errors.push(String(error)))
      .then(() => this.finish())
    await this.until("the relay is connected or the call is over", () =>
      this.connected || this.status === "completed" ? true : null,
    )
  }

  get connected(): boolean {
    return this.session !== null
  }

  /** All words that the voice was given so far. */
  get speech(): string {
    return this.heard.map((h) => h.token).join("")
  }

  /** What the caller says, as recognised. */
  say(voicePrompt: string, more: { readonly lang?: string; readonly last?: boolean } = {}): void {
    this.send({ type: "prompt", voicePrompt, lang: more.lang ?? "en-US", last: more.last ?? true })
  }

  press(digit: string): void {
    this.send({ type: "dtmf", digit })
  }

  interrupt(utteranceUntilInterrupt: string, durationUntilInterruptMs: number | string): void {
    this.send({ type: "interrupt", utteranceUntilInterrupt, durationUntilInterruptMs })
  }

  /** Any message of the relay. */
  send(message: unknown): void {
    this.link.sendText(JSON.stringify(message))
  }

  /** The connection itself, for frames that break the rules. */
  get link(): WebSocketLink {
    if (this.session === null) throw new Error("the relay is not connected")
    return this.session.link
  }

  /** The caller puts the phone down. */
  hangUp(): void {
    this.hungUp = true
    this.session?.link.close(1000)
  }

  /** The relay's connection breaks; the call itself stays up. */
  loseConnection(): void {
    this.session?.link.destroy()
  }

  until<A>(what: string, look: () => A | null, ms?: number): Promise<A> {
    return this.watch.until(what, look, ms).catch((error: Error) => {
      throw new Error(`${error.message}\nheard: ${this.speech}\nerrors: ${this.errors.join("; ")}`)
    })
  }

  /** Until the voice was given these words. */
  untilHeard(words: string, ms?: number): Promise<true> {
    return this.until(`"${words}" is spoken`, () => (this.speech.includes(words) ? true : null), ms)
  }

  untilOver(ms?: number): Promise<true> {
    return this.until("the call is over", () => (this.status === "completed" ? true : null), ms)
  }

  private attestation(): Record<string, string> {
    const { callerName, stirVerstat } = this.options
    return {
      ...(stirVerstat === undefined ? {} : { StirVerstat: stirVerstat }),
      ...(callerName === undefined ? {} : { CallerName: callerName }),
    }
  }

  private finish(): void {
    this.status = "completed"
    this.watch.changed()
  }

  private async request(url: string, more: Readonly<Record<string, string>>): Promise<FormAnswer> {
    const form = {
      CallSid: this.callSid,
      AccountSid: this.world.accountSid,
      From: this.options.from,
      To: this.options.to,
      Direction: "inbound",
      ApiVersion: "2010-04-01",
      CallStatus: this.hungUp ? "completed" : "in-progress",
      ...more,
    }
    const headers = { "x-twilio-signature": twilioSignature(this.world.authToken, url, form) }
    const answer = await postForm(url, form, headers).catch(async () => {
      await this.options.beforeRetry?.()
      return postForm(url, form, headers)
    })
    this.requests.push({ url, form, answer })
    this.watch.changed()
    return answer
  }

  /** Executes a document; an action URL's answer replaces the rest. */
  private async run(answer: FormAnswer): Promise<void> {
    if (answer.status !== 200) {
      this.errors.push(`11200: the application answered ${answer.status}`)
      return
    }
    for (const verb of parseTwiml(answer.body).children) {
      if (this.hungUp || verb.name === "Hangup") return
      const next = await this.execute(verb)
      this.watch.changed()
      if (next !== null) return this.run(next)
    }
  }

  private async execute(verb: TwimlElement): Promise<FormAnswer | null> {
    switch (verb.name) {
      case "Say":
        this.said.push(verb.text)
        return null
      case "Connect":
        return this.connect(verb)
      case "Dial":
        return this.dial(verb)
      case "Enqueue":
        this.queued.push(verb.text)
        return this.request(verb.attributes["action"] ?? "", {
          QueueResult: this.options.queueResult ?? "bridged",
        })
      case "Record": {
        const seconds = this.options.voicemailSeconds ?? 0
        if (seconds === 0) return null
        return this.request(verb.attributes["action"] ?? "", {
          RecordingUrl: `https://api.twilio.com/2010-04-01/Accounts/${this.world.accountSid}/Recordings/${sid("RE")}`,
          RecordingDuration: String(seconds),
        })
      }
      default:
        this.errors.push(`12100: unknown verb ${verb.name}`)
        return null
    }
  }

  private dial(verb: TwimlElement): Promise<FormAnswer> {
    for (const target of verb.children) this.dialled.push({ kind: target.name, target: target.text })
    return this.request(verb.attributes["action"] ?? "", {
      DialCallStatus: this.options.dialResult ?? "completed",
    })
  }

  private async connect(verb: TwimlElement): Promise<FormAnswer | null> {
    const [relay] = verb.children
    if (relay?.name !== "ConversationRelay") throw new Error("<Connect> without <ConversationRelay>")
    this.relays.push(relay)
    const greeting = relay.attributes["welcomeGreeting"]
    if (greeting !== undefined) this.said.push(greeting)
    const id = sid("VX")
    const outcome = await this.converse(relay.attributes["url"] ?? "", id)
    const failed = outcome.handoffData === null && !this.hungUp
    return this.request(verb.attributes["action"] ?? "", {
      SessionId: id,
      SessionStatus: failed ? "failed" : outcome.handoffData === null ? "completed" : "ended",
      SessionDuration: "3",
      ...(failed ? { ErrorCode: "64105", ErrorMessage: "WebSocket ended" } : {}),
      ...(outcome.handoffData === null ? {} : { HandoffData: outcome.handoffData }),
    })
  }

  private async converse(url: string, id: string): Promise<{ readonly handoffData: string | null }> {
    let over: (code: number) => void = () => undefined
    const closed = new Promise<number>((resolve) => {
      over = resolve
    })
    const { link, status } = await openWebSocket(
      url,
      {
        "x-twilio-signature": twilioSignature(this.world.authToken, url, {}),
        "user-agent": "Twilio.TmeWs/1.0",
      },
      { onText: (text) => this.onText(text), onClose: (code) => over(code) },
    )
    if (link === null) {
      this.closes.push(status)
      return { handoffData: null }
    }
    const session: Session = { id, link, handoffData: null }
    this.session = session
    this.send({
      type: "setup",
      sessionId: id,
      accountSid: this.world.accountSid,
      callSid: this.callSid,
      parentCallSid: "",
      from: this.options.from,
      to: this.options.to,
      forwardedFrom: "",
      callType: "PSTN",
      callerName: this.options.callerName ?? "",
      direction: "inbound",
      callStatus: "RINGING",
      customParameters: {},
    })
    this.watch.changed()
    this.closes.push(await closed)
    this.session = null
    return { handoffData: session.handoffData }
  }

  private onText(text: string): void {
    const message: unknown = JSON.parse(text)
    if (!isRecord(message)) return
    if (message["type"] === "text" && typeof message["token"] === "string")
      this.heard.push({ token: message["token"], last: message["last"] === true, at: this.world.now() })
    else if (message["type"] === "end" && this.session !== null) {
      this.session.handoffData = typeof message["handoffData"] === "string" ? message["handoffData"] : ""
      this.session.link.close(1000)
    } else this.send({ type: "error", description: `64107: ${text.slice(0, 200)}` })
    this.watch.changed()
  }
}
