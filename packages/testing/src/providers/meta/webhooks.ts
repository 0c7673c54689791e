/** Webhooks on their way: signed, and tried again within bounds. */
import { createHmac } from "node:crypto"
import { postJson, sleep } from "./edge.ts"
import { bytesOf, type JsonObject } from "./payloads.ts"

/** How a webhook went: the last status (0: no answer), and how often it was tried. */
export interface WebhookResult {
  readonly status: number
  readonly tries: number
}

export interface WebhookOptions {
  readonly appSecret: string
  readonly webhookUrl?: string
  readonly webhookTries?: number
  readonly webhookRetryMs?: number
}

export class Webhooks {
  url: string | null
  private readonly options: WebhookOptions

  constructor(options: WebhookOptions) {
    this.options = options
    this.url = options.webhookUrl ?? null
  }

  async post(body: JsonObject): Promise<WebhookResult> {
    const { appSecret, webhookRetryMs = 50, webhookTries = 4 } = this.options
    const bytes = bytesOf(body)
    const hmac = createHmac("sha256", appSecret).update(bytes).digest("hex")
    const headers = { "x-hub-signature-256": `sha256=${hmac}`, "user-agent": "facebookexternalua" }
    for (let tries = 1; ; tries++) {
      if (this.url === null) return { status: 0, tries: tries - 1 }
      const status = await postJson(this.url, bytes, headers)
      if (status === 200 || tries >= webhookTries) return { status, tries }
      await sleep(webhookRetryMs * 2 ** (tries - 1))
    }
  }
}
