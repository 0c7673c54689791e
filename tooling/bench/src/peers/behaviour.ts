/**
 * What the program behind each contestant does with what customers write. Both contestants call it, so that they differ
 * in what carries messages and in nothing else.
 */

/** In a customer's text: the first attempt at it fails, as a program does whose database is away for a moment. */
export const failsOnce = "fail-once"
/** The program takes this long. */
export const isSlow = "slow"
export const slowMs = 50
/** The answer has 9,000 characters. */
export const wantsLong = "long-answer"

/** Numbered words, so that it shows what is missing, double or out of order. */
export const longAnswer: string = Array.from(
  { length: 1500 },
  (_, n) => `w${String(n).padStart(4, "0")}`,
).join(" ")

const failed = new Set<string>()

/** The answer to everything that a customer has said since the last answer. Throws when it is to fail. */
export const answerTo = async (texts: ReadonlyArray<string>): Promise<string> => {
  const said = texts.join(" | ")
  if (said.includes(failsOnce) && !failed.has(said)) {
    failed.add(said)
    throw new Error("the database is away")
  }
  if (said.includes(isSlow))
    await new Promise((resolve) => {
      setTimeout(resolve, slowMs)
    })
  return said.includes(wantsLong) ? longAnswer : `You said: ${said === "" ? "nothing" : said}`
}
