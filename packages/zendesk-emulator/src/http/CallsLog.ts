import { parseJson } from "../world/json.ts"
import { BoundedLog } from "../world/BoundedLog.ts"

/** One request as the emulator saw it. */
export interface Call {
  readonly n: number
  /** Milliseconds of the emulator's clock at arrival. */
  readonly time: number
  readonly method: string
  readonly path: string
  readonly query: string
  /** JSON when it is JSON, `{bytes}` for other content, null when there was none or it was forgotten. */
  readonly body: unknown
  /** 0 when no answer was sent. */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly auth: string
  readonly userId: number | null
  readonly pool: string
  readonly durationMs: number
  /** The injected fault, when one struck. */
  readonly fault: string | null
}

interface Row extends Omit<Call, "body"> {
  body: string | null
  bytes: number
}

/** Every API call, bounded in entries and in bytes of bodies: the oldest bodies go first. */
export class CallsLog {
  private readonly rows: BoundedLog<Row>
  private readonly maxBytes: number
  private bytes = 0
  private forgotten = 0

  constructor(size: number, maxBytes: number) {
    this.rows = new BoundedLog(size)
    this.maxBytes = maxBytes
  }

  push(call: Omit<Call, "n" | "body">, body: Buffer, contentType: string): void {
    const readable = contentType.includes("json") || contentType.includes("x-www-form-urlencoded")
    const text = body.length === 0 ? null : readable ? body.toString("utf8") : null
    const row = { ...call, n: this.rows.last + 1, body: text, bytes: body.length }
    this.rows.push(row)
    if (text === null) return
    this.bytes += body.length
    this.forgetBodies()
  }

  since(n: number, keep: (call: Call) => boolean = () => true): ReadonlyArray<Call> {
    return this.rows.since(n).map(show).filter(keep)
  }

  get last(): number {
    return this.rows.last
  }

  clear(): void {
    this.rows.clear()
    this.bytes = 0
    this.forgotten = this.rows.last
  }

  private forgetBodies(): void {
    while (this.bytes > this.maxBytes && this.forgotten < this.rows.last) {
      this.forgotten += 1
      const row = this.rows.at(this.forgotten)
      if (row?.body === undefined || row.body === null) continue
      this.bytes -= row.bytes
      row.body = null
    }
  }
}

const show = ({ bytes, body, ...call }: Row): Call => ({
  ...call,
  body: body === null ? (bytes === 0 ? null : { bytes }) : (parseJson(body) ?? body),
})
