/** `GET /loader.js` and `GET /assets/…`: scripts for every page that names them. */
import { Effect, Layer } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { type Asset, type Assets, loadAssets } from "../assets.ts"

const missing = HttpServerResponse.text("The browser files of the web chat are not built.", { status: 503 })

// Open to all: the scripts hold no secrets, and `integrity` needs a CORS answer.
const headersOf = (etag: string, cache: string) => ({
  etag,
  vary: "accept-encoding",
  "cache-control": cache,
  "access-control-allow-origin": "*",
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
})

const serve = (request: HttpServerRequest, asset: Asset, cache: string) => {
  const zipped = /\bgzip\b/.test(request.headers["accept-encoding"] ?? "")
  const etag = `"${asset.hash}${zipped ? "-gz" : ""}"`
  const headers = headersOf(etag, cache)
  const same = (request.headers["if-none-match"] ?? "").split(",").some((tag) => tag.trim() === etag)
  if (same) return HttpServerResponse.empty({ status: 304, headers })
  return HttpServerResponse.uint8Array(zipped ? asset.gzip : asset.bytes, {
    contentType: "text/javascript; charset=utf-8",
    headers: zipped ? { ...headers, "content-encoding": "gzip" } : headers,
  })
}

const routesOf = (assets: Assets | null) =>
  Layer.mergeAll(
    HttpRouter.add("GET", "/loader.js", (request) =>
      // Short, because it names the current bundle.
      Effect.succeed(assets === null ? missing : serve(request, assets.loader, "public, max-age=300")),
    ),
    HttpRouter.add("GET", "/assets/:file", (request) =>
      Effect.map(HttpRouter.params, ({ file }) => {
        if (assets === null) return missing
        return file === assets.bundle.name
          ? serve(request, assets.bundle, "public, max-age=31536000, immutable")
          : HttpServerResponse.empty({ status: 404 })
      }),
    ),
  )

/** Routes of the browser's files, read once. */
export const fileRoutes: Layer.Layer<never, never, HttpRouter.HttpRouter> = Layer.unwrap(
  Effect.map(loadAssets, routesOf),
)
