/** Says at the start, at level Debug, which routes there are: for operators who write rules for a proxy, and for tests. */
import { Effect, Layer } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"

/** The router, naming what is added; `prefix`: what it puts before each path by itself. */
export const announced = (router: HttpRouter.HttpRouter, prefix: string): HttpRouter.HttpRouter => ({
  ...router,
  prefixed: (more) => announced(router.prefixed(more), prefix + more.replace(/\/$/, "")),
  add: (method, path, handler, options) =>
    Effect.andThen(
      Effect.logDebug(`Route ${method} ${prefix}${path}`),
      router.add(method, path, handler, options),
    ),
  addAll: (routes) =>
    Effect.andThen(
      Effect.forEach(routes, ({ method, path }) => Effect.logDebug(`Route ${method} ${prefix}${path}`)),
      router.addAll(routes),
    ),
})

/** The router, for layers that add routes to it. */
export const AnnouncedRouter = Layer.effect(
  HttpRouter.HttpRouter,
  Effect.map(HttpRouter.HttpRouter, (router) => announced(router, "")),
)
