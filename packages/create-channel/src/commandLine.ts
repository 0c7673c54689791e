/** The command line: flags, defaults, and questions where somebody is there to answer. */
import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { bareName, checkId, checkName, checkScope, checkTitle, idFor, titleFor } from "./names.ts"
import { Refusal } from "./Refusal.ts"
import { type ChannelRequest, licenses, providerAuths } from "./Request.ts"

/** Asks a person; an empty answer means `proposal`. */
export type Ask = (question: string, proposal: string) => Promise<string>

export const usage = `Makes a new OpenCX channel plugin package.

  npm create @opencx/channel <name> -- [flags]
  npx @opencx/create-channel <name> [flags]

  --scope @acme                npm scope
  --dir <folder>               where to write it (default: the name, here)
  --id line                    the channel's id in configurations
  --title "LINE"               what people call the channel
  --provider-auth hmac|bearer  how the provider proves its webhooks (default: hmac)
  --license MIT|ISC|UNLICENSED (default: MIT)
  --author "Acme Ltd"          who holds the copyright
  --yes                        asks nothing; what is missing gets its default

Asks for what is missing when it runs in a terminal. Refuses a folder that is not empty.
`

const options = {
  scope: { type: "string" },
  dir: { type: "string" },
  id: { type: "string" },
  title: { type: "string" },
  "provider-auth": { type: "string" },
  license: { type: "string" },
  author: { type: "string" },
  yes: { type: "boolean", short: "y" },
  help: { type: "boolean", short: "h" },
} as const

const parse = (args: ReadonlyArray<string>) => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error), "See --help.")
  }
}

const oneOf = <A extends string>(what: string, allowed: ReadonlyArray<A>, text: string): A => {
  const found = allowed.find((each) => each.toLowerCase() === text.toLowerCase())
  if (found !== undefined) return found
  throw new Refusal(`${what} is "${text}".`, `Use one of: ${allowed.join(", ")}.`)
}

/** With the scope in front, unless the name has it already. */
const scoped = (name: string, scope: string | null): string => {
  if (scope === null || name.startsWith(`${scope}/`)) return name
  if (name.startsWith("@"))
    throw new Refusal(`The name ${name} has another scope than ${scope}.`, "Name the scope once.")
  return `${scope}/${name}`
}

const scopeOf = (name: string): string | null => /^(@[^/]+)\//.exec(name)?.[1] ?? null

/** A default that would be refused is none: then it must be given. */
const proposalOf = (name: string): string => {
  try {
    return checkId(idFor(name))
  } catch {
    return ""
  }
}

/**
 * The request that these arguments make, or "help". `ask` is null where nobody answers: then what is missing gets its
 * default, and what has none is refused. Relative folders are below `here`.
 */
export const readRequest = async (
  args: ReadonlyArray<string>,
  ask: Ask | null,
  here: string,
): Promise<ChannelRequest | "help"> => {
  const { positionals, values } = parse(args)
  if (values.help === true) return "help"
  const asking = values.yes === true ? null : ask
  if (positionals.length > 1)
    throw new Refusal(`There are ${positionals.length} names: ${positionals.join(", ")}.`, "Give one name.")
  const orAsk = async (given: string | undefined, question: string, proposal: string) =>
    given ?? (asking === null ? proposal : (await asking(question, proposal)).trim() || proposal)

  const plain = await orAsk(positionals[0], "Name of the package", "")
  if (plain === "") throw new Refusal("There is no name.", "npm create @opencx/channel opencx-channel-line")
  checkName(plain)
  const scope = await orAsk(values.scope, "npm scope (empty for none)", scopeOf(plain) ?? "")
  const name = checkName(scoped(plain, checkScope(scope)))
  const id = checkId(await orAsk(values.id, "Id of the channel", proposalOf(name)))
  const title = checkTitle(await orAsk(values.title, "Title of the channel", titleFor(id)))
  const auth = await orAsk(
    values["provider-auth"],
    `The provider proves its webhooks by (${providerAuths.join(", ")})`,
    "hmac",
  )
  const license = await orAsk(values.license, `License (${licenses.join(", ")})`, "MIT")
  return {
    name,
    directory: resolve(here, values.dir ?? bareName(name)),
    id,
    title,
    providerAuth: oneOf("--provider-auth", providerAuths, auth),
    license: oneOf("--license", licenses, license),
    author: values.author ?? `the authors of ${name}`,
  }
}
