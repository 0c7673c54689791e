/** Settings that the environment may give in place of the file, and what to say when one of them is wrong. */
import type { Environment } from "./envReferences.ts"

const variables: Readonly<Record<string, string>> = {
  publicUrl: "OPENCX_PUBLIC_URL",
  dataDir: "OPENCX_DATA_DIR",
  databaseUrl: "OPENCX_DATABASE_URL",
  operatorToken: "OPENCX_OPERATOR_TOKEN",
}

/** Lines that say which of the wrong settings in `message` do not stand in the file at all. */
export const whereFrom = (message: string, env: Environment): string =>
  Object.entries(variables)
    .filter(([setting, name]) => message.includes(`at ["${setting}"]`) && (env[name] ?? "") !== "")
    .map(([setting, name]) => `\n\`${setting}\` comes from the environment variable ${name}.`)
    .join("")
