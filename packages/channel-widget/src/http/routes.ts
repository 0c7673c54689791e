/** All routes of the widget, relative to `/widget`. */
import type { ServeHost, StoreError } from "@opencx/core"
import { Effect, Layer } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { WidgetSettings } from "../settings.ts"
import { type Call, open } from "./access.ts"
import { postContact, postDismiss, postHuman, postRate, postRead, postTyping } from "./actions.ts"
import { type Answer, answering, preflight } from "./answers.ts"
import { getConfig } from "./config.ts"
import { fileRoutes } from "./files.ts"
import { getLines } from "./lines.ts"
import { postMessage } from "./messages.ts"
import type { Refusal } from "./Refusal.ts"
import { postIdentify, postSession } from "./sessions.ts"
import { makeSites, type Sites } from "./Site.ts"
import { getStream, postTicket } from "./stream.ts"

type Handle = (call: Call) => Effect.Effect<Answer, Refusal | StoreError>

const route = (sites: Sites, method: "GET" | "POST", path: `/${string}`, handle: Handle) =>
  HttpRouter.add(method, path, (request) =>
    answering(sites, request, Effect.flatMap(open(sites, request), handle)),
  )

/** The widget's HTTP surface for all its accounts. */
export const widgetRoutes = (host: ServeHost<WidgetSettings>) => {
  const sites = makeSites(host)
  return Layer.mergeAll(
    fileRoutes,
    HttpRouter.add("OPTIONS", "/:path", (request) => Effect.succeed(preflight(sites, request))),
    route(sites, "GET", "/config", getConfig),
    route(sites, "POST", "/session", postSession),
    route(sites, "POST", "/identify", postIdentify),
    route(sites, "POST", "/ticket", postTicket),
    route(sites, "GET", "/stream", getStream),
    route(sites, "GET", "/lines", getLines),
    route(sites, "POST", "/messages", postMessage),
    route(sites, "POST", "/human", postHuman),
    route(sites, "POST", "/dismiss", postDismiss),
    route(sites, "POST", "/rate", postRate),
    route(sites, "POST", "/contact", postContact),
    route(sites, "POST", "/read", postRead),
    route(sites, "POST", "/typing", postTyping),
  )
}
