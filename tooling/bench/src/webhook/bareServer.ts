/**
 * The least that a durable webhook can be: read the body, check its signature, insert one row, answer. `node:http` and
 * `node:sqlite` with the same settings as the runtime's database (WAL, synchronous NORMAL). Arguments: secret, file.
 */
import { createHmac, timingSafeEqual } from "node:crypto"
import { createServer } from "node:http"
import { DatabaseSync } from "node:sqlite"

const [secret = "", file = ""] = process.argv.slice(2)
const db = new DatabaseSync(file)
db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000;")
db.exec("CREATE TABLE events (id TEXT PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL)")
const insert = db.prepare("INSERT OR IGNORE INTO events (id, at, body) VALUES (?, ?, ?)")

const isSigned = (body: Buffer, timestamp: string, signature: string): boolean => {
  const expected = createHmac("sha256", secret).update(timestamp).update(body).digest()
  const given = Buffer.from(signature, "base64")
  return given.length === expected.length && timingSafeEqual(given, expected)
}

const server = createServer((request, response) => {
  const chunks: Array<Buffer> = []
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  request.on("end", () => {
    const body = Buffer.concat(chunks)
    const header = (name: string) => String(request.headers[`x-zendesk-webhook-${name}`] ?? "")
    const signed = isSigned(body, header("signature-timestamp"), header("signature"))
    if (signed) insert.run(header("invocation-id"), Date.now(), body.toString("utf8"))
    const answer = signed ? '{"ok":true}' : '{"ok":false}'
    response.writeHead(signed ? 200 : 401, {
      "content-type": "application/json",
      "content-length": answer.length,
    })
    response.end(answer)
  })
})

server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}/` })}\n`)
})

process.stdin.on("close", () => process.exit(0)).resume()
process.on("SIGTERM", () => process.exit(0))
