/** What a run has done so far, and what went wrong. */

/** More than this many are counted, not kept. */
const maxErrors = 200

export class Tally {
  seen = 0
  changed = 0
  removed = 0
  skippedDrafts = 0
  internal = 0
  failed = 0
  heldBack = 0
  private readonly errors: Array<{ readonly articleId: string; readonly detail: string }> = []

  /** `articleId` is `*` for what concerns the whole source. */
  fail(articleId: string, detail: string): void {
    if (articleId !== "*") this.failed += 1
    if (this.errors.length < maxErrors) this.errors.push({ articleId, detail: detail.slice(0, 400) })
  }

  holdBack(missing: number, known: number): void {
    this.heldBack = missing
    this.fail(
      "*",
      `${missing} of ${known} articles are not there any more, which is too many to believe: none was removed, and they are still answered from. If they really were removed, run a full sync that accepts the loss.`,
    )
  }

  numbers() {
    const { changed, errors, failed, heldBack, internal, removed, seen, skippedDrafts } = this
    return { seen, changed, removed, skippedDrafts, internal, failed, heldBack, errors }
  }
}

export const makeTally = (): Tally => new Tally()
