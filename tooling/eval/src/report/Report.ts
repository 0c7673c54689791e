/** What an evaluation found: for each data set a small table, a row for each system, the first rows ours. */
import type { Effect, FileSystem, Path } from "effect"

export interface Row {
  readonly system: string
  /** True for OpenCX, false for what it is compared with. */
  readonly ours: boolean
  /** In the order of the columns; null where it does not apply. */
  readonly values: ReadonlyArray<number | null>
}

export interface Section {
  readonly set: string
  /** How many questions, texts or mails. */
  readonly count: number
  /** `hit@1` and the like. Shares lie between 0 and 1. */
  readonly columns: ReadonlyArray<string>
  readonly rows: ReadonlyArray<Row>
  readonly note?: string
}

export interface EvalReport {
  readonly sections: ReadonlyArray<Section>
  /** What could not be measured, each with the reason. */
  readonly skipped: ReadonlyArray<string>
}

export interface EvalOptions {
  /** The folder with the data sets. */
  readonly data: string
  /** One half of the questions, by hash of their id: tune with `a`, look at `b` last. Null: all. */
  readonly half: "a" | "b" | null
}

/** Fails only when it could not be carried out; a bad figure is a figure. */
export type Eval = (
  options: EvalOptions,
) => Effect.Effect<EvalReport, Error, FileSystem.FileSystem | Path.Path>
