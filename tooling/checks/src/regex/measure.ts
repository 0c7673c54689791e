// How long an expression takes on a text, in CPU time: other programs on the machine do not count.
import { createContext, Script } from "node:vm"
import type { Expression } from "./collect.ts"

/** Where a run is given up: V8 looks at the clock while it goes back. */
const giveUpMs = 2_000

/** Milliseconds of CPU time, as far as it came. */
const timeOf = ({ flags, source }: Pick<Expression, "source" | "flags">, text: string): number => {
  const context = createContext({ source, flags, text })
  // As our sources use them: the global ones over the whole text.
  const script = new Script(
    "const e = new RegExp(source, flags); e.global ? text.replace(e, '') : e.exec(text)",
  )
  const began = process.cpuUsage()
  try {
    script.runInContext(context, { timeout: giveUpMs })
  } catch (error) {
    // Of another realm, so that `instanceof` does not know it. What it used until then is its time.
    if (String(Reflect.get(Object(error), "code")) !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error
  }
  const { system, user } = process.cpuUsage(began)
  return (user + system) / 1000
}

/** An expression whose time grows with its text stays far below this on 32,000 characters; one of squares needs 500 and more. */
const budgetMs = 150

/**
 * A text of four times the length takes four times as long where time grows with length, and sixteen times where it grows
 * with its square. In between lies room for a busy machine.
 */
const mostGrowth = 8

/** No expression whose time grows with its text comes near this, on whatever machine. */
const surelyMs = 1_200

const tries = [1, 2, 3]

/** The quickest of three runs: what else the machine does only makes runs longer. */
const leastTime = (expression: Pick<Expression, "source" | "flags">, text: string): number =>
  Math.min(...tries.map(() => timeOf(expression, text)))

const isSlowOn = (expression: Pick<Expression, "source" | "flags">, text: string): boolean => {
  const first = timeOf(expression, text)
  if (first <= budgetMs) return false
  if (first >= surelyMs) return true
  const whole = leastTime(expression, text)
  return whole > budgetMs && whole > mostGrowth * leastTime(expression, text.slice(0, text.length / 4))
}

/** The first text that costs too much; null when none does. */
export const slowText = (
  expression: Pick<Expression, "source" | "flags">,
  texts: ReadonlyArray<string>,
): string | null => texts.find((text) => isSlowOn(expression, text)) ?? null
