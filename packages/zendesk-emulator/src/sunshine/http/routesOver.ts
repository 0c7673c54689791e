import type { Reply } from "../../http/Reply.ts"
import type { Messaging } from "../context.ts"
import type { SunshineRequest, SunshineRoute } from "./route.ts"

/** Makes routes whose handlers work on `messaging`. */
export const routesOver =
  (messaging: Messaging, scope: SunshineRoute["scope"]) =>
  (
    method: string,
    path: string,
    handle: (messaging: Messaging, request: SunshineRequest) => Reply,
  ): SunshineRoute => ({ method, path, scope, handle: (request) => handle(messaging, request) })
