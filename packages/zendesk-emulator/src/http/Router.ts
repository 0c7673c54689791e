import type { ApiRequest } from "./Request.ts"
import type { Reply } from "./Reply.ts"

export type Pool = "support" | "help_center" | "none"

export interface Route {
  readonly method: string
  /** `/api/v2/tickets/:id`; never with `.json`. */
  readonly path: string
  /** Least role: `public` also lets anonymous callers in. */
  readonly access: "public" | "user" | "agent" | "admin"
  /** OAuth resource: `tickets` is met by `tickets:read`/`tickets:write` or the global `read`/`write`. */
  readonly scope?: string
  readonly pool?: Pool
  readonly handle: (request: ApiRequest) => Reply
  /**
   * Runs before any injected latency. Returns an answer (the handler is then not run) or what to do with the
   * handler's answer; null means the handler gave none.
   */
  readonly reserve?: (request: ApiRequest) => Reply | ((reply: Reply | null) => Reply | null)
}

interface Node {
  readonly literal: Map<string, Node>
  param: { readonly name: string; readonly node: Node } | undefined
  readonly routes: Map<string, Route>
}

const newNode = (): Node => ({ literal: new Map(), param: undefined, routes: new Map() })

export interface Match {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/** Finds routes by path segment; a literal segment wins over a parameter. */
export class Router {
  private readonly root = newNode()

  add(route: Route): void {
    let node = this.root
    for (const segment of route.path.split("/").slice(1)) {
      if (segment.startsWith(":")) {
        node.param ??= { name: segment.slice(1), node: newNode() }
        node = node.param.node
      } else {
        const next = node.literal.get(segment) ?? newNode()
        node.literal.set(segment, next)
        node = next
      }
    }
    node.routes.set(route.method, route)
  }

  addAll(routes: ReadonlyArray<Route>): void {
    for (const route of routes) this.add(route)
  }

  find(method: string, path: string): Match | undefined {
    const segments = path.split("/").slice(1)
    const walk = (node: Node, at: number, params: Readonly<Record<string, string>>): Match | undefined => {
      const segment = segments[at]
      if (segment === undefined) {
        const route = node.routes.get(method)
        return route === undefined ? undefined : { route, params }
      }
      const literal = node.literal.get(segment)
      const found = literal === undefined ? undefined : walk(literal, at + 1, params)
      if (found !== undefined || node.param === undefined) return found
      return walk(node.param.node, at + 1, { ...params, [node.param.name]: segment })
    }
    return walk(this.root, 0, {})
  }
}
