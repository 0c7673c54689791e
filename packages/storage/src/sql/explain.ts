/** What a failure of the database says to the person who has to mend it. */
import type { SqlError } from "effect/sql"

/** Node tries every address of a name and keeps each refusal in one error without words of its own. */
const wordsOf = (cause: unknown): string => {
  if (cause instanceof AggregateError && cause.errors.length > 0) {
    return [...new Set(cause.errors.map(wordsOf))].filter((words) => words !== "").join("; ")
  }
  return cause instanceof Error ? cause.message : ""
}

/**
 * The message, with what the server or the network said when no connection could be made. Of statements only the message:
 * what a server says of them may quote customers' words.
 */
export const explainSql = ({ message, reason }: SqlError.SqlError): string => {
  if (reason.operation !== "connect") return message
  const words = wordsOf(reason.cause)
  return words === "" || message.includes(words) ? message : `${message}: ${words}`
}
