/** Why no package was written, and what to do about it. No file is left behind when it is thrown. */
export class Refusal extends Error {
  readonly hint: string
  constructor(problem: string, hint: string) {
    super(problem)
    this.name = "Refusal"
    this.hint = hint
  }
}
