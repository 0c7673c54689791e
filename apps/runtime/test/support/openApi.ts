/** The API's own description, as far as a test needs it to make requests that are right, or almost. */
import type { Noise } from "@opencx/testing"
import { Schema } from "effect"

const Parameter = Schema.Struct({ name: Schema.String, in: Schema.Literals(["path", "query", "header"]) })
const Operation = Schema.Struct({
  parameters: Schema.optionalKey(Schema.Array(Parameter)),
  requestBody: Schema.optionalKey(
    Schema.Struct({
      content: Schema.Record(Schema.String, Schema.Struct({ schema: Schema.Unknown })),
    }),
  ),
})
const Description = Schema.Struct({
  paths: Schema.Record(Schema.String, Schema.Record(Schema.String, Operation)),
})
const readDescription = Schema.decodeUnknownSync(Schema.fromJsonString(Description))

export interface Endpoint {
  readonly method: string
  readonly path: string
  /** Names of what the query may hold. */
  readonly query: ReadonlyArray<string>
  readonly needsVersion: boolean
  /** JSON schema of the body; null: it takes none. */
  readonly body: unknown
}

export const endpointsOf = (description: string): ReadonlyArray<Endpoint> =>
  Object.entries(readDescription(description).paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      query: parameters.filter((one) => one.in === "query").map(({ name }) => name),
      needsVersion: parameters.some(({ name }) => name === "if-match"),
      body: requestBody?.content["application/json"]?.schema ?? null,
    })),
  )

const Shape = Schema.Struct({
  type: Schema.optionalKey(Schema.String),
  enum: Schema.optionalKey(Schema.Array(Schema.Unknown)),
  anyOf: Schema.optionalKey(Schema.Array(Schema.Unknown)),
  properties: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
  required: Schema.optionalKey(Schema.Array(Schema.String)),
  items: Schema.optionalKey(Schema.Unknown),
  prefixItems: Schema.optionalKey(Schema.Array(Schema.Unknown)),
  minimum: Schema.optionalKey(Schema.Number),
  minLength: Schema.optionalKey(Schema.Number),
})
const shapeOf = Schema.decodeUnknownSync(Shape)

const oneOf = (list: ReadonlyArray<unknown>, next: Noise): unknown => list[next(list.length)]

/** A value that the schema describes, or nearly: formats and patterns are not looked at. */
export const sampleOf = (schema: unknown, next: Noise, depth = 0): unknown => {
  const shape = shapeOf(schema)
  if (shape.enum !== undefined) return oneOf(shape.enum, next)
  if (shape.anyOf !== undefined) return sampleOf(oneOf(shape.anyOf, next), next, depth)
  if (shape.type === "object") {
    const required = new Set(shape.required)
    return Object.fromEntries(
      Object.entries(shape.properties ?? {})
        .filter(([name]) => required.has(name) || (depth < 6 && next(2) === 0))
        .map(([name, part]) => [name, sampleOf(part, next, depth + 1)]),
    )
  }
  if (shape.type === "array") {
    const part = shape.items ?? shape.prefixItems?.[0]
    return part === undefined
      ? []
      : Array.from({ length: 1 + next(2) }, () => sampleOf(part, next, depth + 1))
  }
  if (shape.type === "string") return "sample".padEnd(shape.minLength ?? 0, "x")
  if (shape.type === "integer" || shape.type === "number") return (shape.minimum ?? 0) + next(5)
  return shape.type === "boolean" ? next(2) === 0 : null
}
