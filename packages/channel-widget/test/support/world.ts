/** A widget server on loopback, a page of the customer's on another port, and everything that stands behind. */
import { NodeHttpServer } from "@effect/platform-node"
import { AccountId, OrgId, type Signer } from "@opencx/core"
import { Effect, Exit, Layer, Scope } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { createHmac } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { widgetPlugin } from "../../src/index.ts"
import { Timeline } from "./Timeline.ts"

export const siteKey = "site_acme_0001"

/** As the installation's: 80 bits of MAC before the text, `a-z0-9` alone. */
export const signer = (key: string): Signer => {
  const tag = (purpose: string, text: string) =>
    createHmac("sha256", key).update(`${purpose}\n${text}`).digest("hex").slice(0, 20)
  return {
    sign: (purpose, text) => tag(purpose, text) + text.replaceAll("-", "z0"),
    open: (purpose, token) => {
      const text = token.slice(20).replaceAll("z0", "-")
      return tag(purpose, text) === token.slice(0, 20) ? text : null
    },
  }
}

const listen = async (handle: (request: IncomingMessage, response: ServerResponse) => void) => {
  const server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** What the page is made of; tests change it. */
export interface Page {
  html: string
  csp: string
}

interface Options {
  /** Further settings of the site. */
  readonly settings?: Record<string, unknown>
  readonly port?: number
}

const filesRoute = (timeline: Timeline) =>
  HttpRouter.add("GET", "/files/:name", () =>
    Effect.map(HttpRouter.params, ({ name = "" }) => {
      const file = timeline.file(decodeURIComponent(name))
      return file === undefined
        ? HttpServerResponse.empty({ status: 404 })
        : HttpServerResponse.uint8Array(file.bytes, {
            contentType: file.type,
            headers: { "content-disposition": "attachment", "x-content-type-options": "nosniff" },
          })
    }),
  )

/** Runs the plugin's routes under `/widget` on a real socket. */
export const serve = async (timeline: Timeline, settings: Record<string, unknown>, port = 0) => {
  const scope = await Effect.runPromise(Scope.make())
  const account = (name: string, over: Record<string, unknown>) => ({
    orgId: OrgId.make("acme"),
    accountId: AccountId.make(name),
    organizationName: "Acme & Söhne",
    settings: { ...settings, ...over },
    hookUrl: "https://support.acme.example/hooks/widget/token",
    publicUrl: "https://support.acme.example",
    signer: signer(name),
  })
  const build = Effect.gen(function* () {
    if (widgetPlugin.routes === null) return yield* Effect.die("the widget has no routes")
    const routes = yield* widgetPlugin.routes({
      accounts: [account("site", {}), account("other", { siteKey: "site_other_002" })],
      accept: timeline.accept,
      conversations: timeline.view,
    })
    const mounted = routes.pipe(
      Layer.provide(
        Layer.effect(
          HttpRouter.HttpRouter,
          Effect.map(HttpRouter.HttpRouter, (r) => r.prefixed("/widget")),
        ),
      ),
    )
    const server = HttpRouter.serve(Layer.mergeAll(mounted, filesRoute(timeline)), {
      disableListenLog: true,
      disableLogger: true,
    }).pipe(
      Layer.provideMerge(HttpServer.layerServices),
      Layer.provideMerge(
        NodeHttpServer.layer(() => createServer(), {
          host: "127.0.0.1",
          port,
          gracefulShutdownTimeout: "1 millis",
        }),
      ),
    )
    const context = yield* Layer.buildWithScope(server, scope)
    const { address } = yield* Effect.provideContext(HttpServer.HttpServer, context)
    return "port" in address ? address.port : 0
  })
  const bound = await Effect.runPromise(build)
  return { port: bound, close: () => Effect.runPromise(Scope.close(scope, Exit.void)) }
}

/** The whole world: `url` is the widget's server, `origin` the page's. */
export const startWorld = async ({ settings = {} }: Options = {}) => {
  const page: Page = { html: "", csp: "" }
  const pages = await listen((_request, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8")
    response.setHeader("content-security-policy", page.csp)
    response.end(page.html)
  })
  const timeline = new Timeline()
  const all = { siteKey, origins: [pages.url], ...settings }
  let server = await serve(timeline, all)
  const { port } = server
  const url = `http://127.0.0.1:${port}`
  timeline.filesUrl = `${url}/files`
  page.csp = `default-src 'none'; script-src ${url}; connect-src ${url}; img-src ${url}`
  page.html = `<!doctype html><html lang="en"><head><title>Shop</title></head><body><main><h1>Shop</h1><button id="before">Before</button></main><script src="${url}/widget/loader.js" data-site="${siteKey}" async></script></body></html>`
  return {
    url,
    origin: pages.url,
    page,
    timeline,
    /** The server goes away and comes back on the same port, as a deployment does. */
    stop: () => server.close(),
    restart: async () => {
      server = await serve(timeline, all, port)
      // Connections that were kept open to the old server fail once.
      await until("the server is back", () =>
        fetch(`${url}/widget/loader.js`).then(
          (answer) => answer.ok,
          () => false,
        ),
      )
    },
    close: async () => {
      await server.close()
      await pages.close()
    },
  }
}
export type World = Awaited<ReturnType<typeof startWorld>>

/** A browser without a browser: calls of one visitor. */
export const client = (world: Pick<World, "url" | "origin">, site = siteKey) => {
  const headers = { origin: world.origin, "content-type": "application/json" }
  const url = (path: string, query: Record<string, string> = {}) =>
    `${world.url}/widget/${path}?${new URLSearchParams({ site, ...query })}`
  const post = (path: string, body: unknown, token?: string, over: Record<string, string> = {}) =>
    fetch(url(path), {
      method: "POST",
      headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...over },
      body: typeof body === "string" ? body : JSON.stringify(body),
    })
  const get = (path: string, token?: string, query: Record<string, string> = {}) =>
    fetch(url(path, query), {
      headers: { origin: world.origin, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    })
  const session = async (): Promise<{ token: string; visitor: string; conversation: string }> =>
    JSON.parse(await (await post("session", {})).text())
  return { url, post, get, session }
}

/** Waits until something is so; fails loudly when it never is. */
export const until = async <A>(
  what: string,
  look: () => A | Promise<A>,
  ms = 20_000,
): Promise<NonNullable<A>> => {
  const end = Date.now() + ms
  for (;;) {
    const found = await look()
    if (found !== null && found !== undefined && found !== false) return found
    if (Date.now() > end) throw new Error(`never: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
