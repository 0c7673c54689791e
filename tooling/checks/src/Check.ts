// What a check is: it looks at a repository and answers with findings, each saying what to do.

/** One thing that is wrong. */
export interface Finding {
  /** Path relative to the repository, when the finding belongs to a file. */
  readonly file?: string
  readonly line?: number
  /** What is wrong. */
  readonly message: string
  /** Said loudly, but nothing that the repository can be blamed for: a registry that does not answer. */
  readonly isWarning?: boolean
}

/** What a check may look at. */
export interface CheckContext {
  /** The repository that is checked, absolute. */
  readonly root: string
}

/** A named rule set over the repository. */
export interface Check {
  readonly name: string
  /** One line for the summary table. */
  readonly title: string
  /** What to do about findings, printed once under them. */
  readonly remedy: string
  readonly run: (context: CheckContext) => Promise<ReadonlyArray<Finding>>
}

/** `file:line message`, the form editors and terminals turn into links. */
export const renderFinding = (finding: Finding): string => {
  const place = finding.file === undefined ? "" : `${finding.file}${finding.line ? `:${finding.line}` : ""} `
  return `${place}${finding.message}`
}
