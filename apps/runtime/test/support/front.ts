/** A server at the address of a runtime that is not there, and before a Zendesk that shall answer something else. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"

/** What one path answers in place of Zendesk; null: Zendesk itself. */
export type Instead = (path: string) => { readonly status: number; readonly json: object } | null

const headersOf = ({ headers }: IncomingMessage): Record<string, string> => {
  const kept = ["authorization", "content-type", "accept", "idempotency-key"]
  return Object.fromEntries(
    kept.flatMap((name) => {
      const value = headers[name]
      return typeof value === "string" ? [[name, value]] : []
    }),
  )
}

const passOn = async (request: IncomingMessage, response: ServerResponse, zendesk: string): Promise<void> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  const { method = "GET", url = "/" } = request
  const answer = await fetch(zendesk + url, {
    method,
    headers: headersOf(request),
    ...(method === "GET" ? {} : { body }),
  })
  response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" })
  response.end(Buffer.from(await answer.arrayBuffer()))
}

/** Stands at our public URL in place of a runtime, and as a proxy before Zendesk that answers some paths by itself. */
export class Front {
  status = 200
  zendesk = ""
  instead: Instead | null = null
  readonly server = createServer((request, response) => void this.handle(request, response))

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve))
    const address = this.server.address()
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "/"
    const answer = this.instead?.(path) ?? null
    if (answer !== null) {
      request.resume()
      response
        .writeHead(answer.status, { "content-type": "application/json" })
        .end(JSON.stringify(answer.json))
    } else if (this.instead !== null) await passOn(request, response, this.zendesk)
    else if (this.status === 0) request.socket.destroy()
    else {
      request.resume()
      response.writeHead(this.status, { "content-type": "text/html" }).end("<!DOCTYPE html><html></html>")
    }
  }
}
