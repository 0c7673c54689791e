import type { Dialect } from "../Dialect.ts"

/** One step of the schema. Once released it is never edited: the next change is the next number. */
export interface Migration {
  readonly id: number
  readonly name: string
  /** Statements in order; each is run by itself, all of them in one transaction. */
  readonly statements: (dialect: Dialect) => ReadonlyArray<string>
}
