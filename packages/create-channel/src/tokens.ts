/** The words in the templates that stand for what is asked. They are valid where they stand, so that templates are real files. */
import { Refusal } from "./Refusal.ts"
import type { ChannelRequest } from "./Request.ts"

type Tokens = ReadonlyArray<readonly [token: string, value: string]>

/** Tags may not hold hyphens. */
const tagOf = (id: string): string => id.replaceAll("-", "_").slice(0, 30)

export const tokensOf = (request: ChannelRequest, version: string): Tokens => [
  ["@scope/package-name-here", request.name],
  ["channel_id_here", request.id],
  ["channel_tag_here", tagOf(request.id)],
  ["Channel Title Here", request.title],
  ["License-Here", request.license],
  ["Author Here", request.author],
  ["OPENCX.VERSION.HERE", version],
]

/** Values go into JSON, TypeScript and Markdown as they are. */
export const checkTokens = (tokens: Tokens): void => {
  for (const [, value] of tokens) {
    if (!/^[^\p{C}"\\]+$/u.test(value))
      throw new Refusal(`${JSON.stringify(value)} cannot be used.`, 'Leave out ", \\ and line ends.')
  }
}

const pattern = (tokens: Tokens): RegExp =>
  new RegExp(tokens.map(([token]) => token.replace(/[.]/g, "\\.")).join("|"), "g")

/** Replaces every token in one pass, so that a value that looks like a token stays what it is. */
export const fill = (text: string, tokens: Tokens): string => {
  const values = new Map(tokens)
  return text.replace(pattern(tokens), (token) => values.get(token) ?? token)
}
