/** Where the sources stand: a page with buttons, for people of the installation. Programs use the API. */
import { Effect, Layer, Option, Schema } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { Sync } from "../layers/Sync.ts"
import { formOf } from "./body.ts"
import { act, page } from "./operator.ts"
import { htmlAnswer } from "./pages/html.ts"
import { sourcesPage } from "./pages/sources.ts"

/** `acceptLoss`: for people who have looked why so many articles are missing. */
const modeIn = Schema.decodeUnknownOption(Schema.Literals(["incremental", "full", "acceptLoss"]))

const plain = (text: string, status: number) => HttpServerResponse.text(`${text}\n`, { status })

/** A source that is being read already is being read: that is what was asked for. */
const startSync = Effect.fnUntraced(function* (request: HttpServerRequest) {
  const { org, source: id } = yield* HttpRouter.params
  const sync = yield* Sync
  const source = sync.sources.find((one) => one.orgId === org && one.source.id === id)
  if (source === undefined) return plain("There is no such source.", 404)
  const mode = Option.getOrNull(modeIn((yield* formOf(request)).get("mode")))
  if (mode === null) return plain("`mode` is incremental, full or acceptLoss.", 400)
  yield* sync.start(source, mode)
  return HttpServerResponse.redirect("/sources", { status: 303 })
})

export const SourceRoutes = Layer.mergeAll(
  HttpRouter.add("GET", "/sources", (request) =>
    page(
      request,
      Effect.gen(function* () {
        return htmlAnswer(sourcesPage(yield* (yield* Sync).status))
      }),
    ),
  ),
  HttpRouter.add("POST", "/sources/:org/:source/sync", (request) =>
    act(request, "sources.sync", () => startSync(request)),
  ),
)
