import { createServer, type Server } from "node:http"
import type { World } from "../world/World.ts"

/**
 * The attachment CDN: another origin than the account's. A request that carries credentials is refused with
 * 400, as a store of signed URLs does, and recorded as a leak.
 */
export const cdnServer = (world: () => World): Server =>
  createServer((request, response) => {
    const current = world()
    const path = (request.url ?? "/").split("?")[0] ?? "/"
    const leakedAuthorization = request.headers.authorization !== undefined
    const attachment = current.attachments.get(path.split("/")[1] ?? "")
    const status = leakedAuthorization ? 400 : attachment === undefined ? 404 : 200
    current.cdnRequests.push({ at: current.now(), path, status, leakedAuthorization })
    if (attachment === undefined || leakedAuthorization) {
      response.writeHead(status, { "content-type": "application/xml" })
      response.end(
        leakedAuthorization
          ? "<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>"
          : "<Error><Code>NoSuchKey</Code></Error>",
      )
      return
    }
    response.writeHead(200, {
      "content-type": attachment.contentType,
      "content-length": attachment.bytes.length,
      "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(attachment.fileName)}`,
      "x-content-type-options": "nosniff",
    })
    response.end(attachment.bytes)
  })
