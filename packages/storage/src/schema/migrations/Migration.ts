import type { Dialect } from "../Dialect.ts"

/**
 * One step of the schema. Once released it is never edited: the next change is the next number. On Postgres each statement
 * must end within the client's answer timeout (8 seconds), so large tables are changed in small steps.
 */
export interface Migration {
  readonly id: number
  readonly name: string
  /** Statements in order; each is run by itself, all of them in one transaction. */
  readonly statements: (dialect: Dialect) => ReadonlyArray<string>
}
