import type { ApiRequest } from "./Request.ts"
import type { Ability } from "../world/model.ts"
import type { Reply } from "./Reply.ts"

export type Pool = "support" | "help_center" | "sunshine" | "none"

export interface Route {
  readonly method: string
  /** `/api/v2/tickets/:id`; never with `.json`. */
  readonly path: string
  /** Least role: `public` also lets anonymous callers in. */
  readonly access: "public" | "user" | "agent" | "admin"
  /** OAuth resource: `tickets` is met by `tickets:read`/`tickets:write` or the global `read`/`write`. */
  readonly scope?: string
  /** What the caller's role must not leave out. */
  readonly ability?: Ability
  readonly pool?: Pool
  readonly handle: (request: ApiRequest) => Reply
  /**
   * Runs before any injected latency. Returns an answer (the handler is then not run) or what to do with the
   * handler's answer; null means the handler gave none.
   */
  readonly reserve?: (request: ApiRequest) => Reply | ((reply: Reply | null) => Reply | null)
}

interface Node<R> {
  readonly literal: Map<string, Node<R>>
  param: { readonly name: string; readonly node: Node<R> } | undefined
  readonly routes: Map<string, R>
}

const newNode = <R>(): Node<R> => ({ literal: new Map(), param: undefined, routes: new Map() })

export interface Match<R> {
  readonly route: R
  readonly params: Readonly<Record<string, string>>
}

/** Finds routes by path segment; a literal segment wins over a parameter. */
export class Router<R extends { readonly method: string; readonly path: string } = Route> {
  private readonly root = newNode<R>()

  add(route: R): void {
    let node = this.root
    for (const segment of route.path.split("/").slice(1)) {
      if (segment.startsWith(":")) {
        node.param ??= { name: segment.slice(1), node: newNode<R>() }
        node = node.param.node
      } else {
        const next = node.literal.get(segment) ?? newNode<R>()
        node.literal.set(segment, next)
        node = next
      }
    }
    node.routes.set(route.method, route)
  }

  addAll(routes: ReadonlyArray<R>): void {
    for (const route of routes) this.add(route)
  }

  find(method: string, path: string): Match<R> | undefined {
    const segments = path.split("/").slice(1)
    const walk = (
      node: Node<R>,
      at: number,
      params: Readonly<Record<string, string>>,
    ): Match<R> | undefined => {
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

/** Path parameters without their percent-encoding. */
export const decodedParams = (params: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decode(value)]))

const decode = (value: string): string => {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
