/** One measured figure, and what it is held against. */

export interface Figure {
  readonly name: string
  readonly value: number
  /** `ms`, `/s`, `calls`, `x` (a ratio), `MB`, or a plain count. */
  readonly unit: string
  /** The same thing done barely, in the same run. */
  readonly beside?: { readonly name: string; readonly value: number }
  readonly target?: Target
  /** What a reader must know to understand the figure. */
  readonly note?: string
}

/** `of` names which number the target is about: the figure itself, or its ratio to `beside`. */
export interface Target {
  readonly of: "value" | "ratio"
  readonly atMost?: number
  readonly atLeast?: number
}

export interface BenchResult {
  readonly bench: string
  readonly seconds: number
  readonly figures: ReadonlyArray<Figure>
  /** Why there are no figures, or fewer of them. */
  readonly remark: string | null
}

export const ratioOf = ({ beside, value }: Figure): number | null =>
  beside === undefined || beside.value === 0 ? null : value / beside.value

/** Null when the figure has no target, or none that can be judged. */
export const targetMet = (figure: Figure): boolean | null => {
  const { target } = figure
  if (target === undefined) return null
  const number = target.of === "value" ? figure.value : ratioOf(figure)
  if (number === null) return null
  return number <= (target.atMost ?? Infinity) && number >= (target.atLeast ?? -Infinity)
}
