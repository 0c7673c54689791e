/** Sorts the rows of the incremental listing into what is known and what is news. */
import type { ListedItem } from "@opencx/core"
import { Effect } from "effect"
import { idText } from "../support/Wire.ts"
import { isSameRow, keyOf, updatedAtOf } from "./ArticleMapper.ts"
import type { Run } from "./Run.ts"
import type { ArticleWire } from "./Wire.ts"

/**
 * Up to where everything is known, in Unix seconds by Zendesk's clock, and the articles that changed in that very second;
 * null when they are too many to remember.
 */
export interface Known {
  readonly watermark: number
  readonly looked: ReadonlyArray<string> | null
}

/** What is known once `rows` are taken in. */
export interface Changes extends Known {
  readonly rows: ReadonlyArray<ArticleWire>
}

const secondOf = (wire: ArticleWire): number => Math.floor(updatedAtOf(wire) / 1_000)

/** Articles of one second that are remembered. */
const maxLooked = 5_000

/** The listing repeats itself: its start is inclusive, and we go back in doubt. */
export class News {
  /** Known in another form, or unknown and newer than the watermark. */
  readonly sure = new Map<string, ArticleWire>()
  /** Unknown, and of the last second that was read: not wanted then, or made since. */
  readonly doubtful = new Map<string, ArticleWire>()
  private reached: number
  private readonly latest = new Set<string>()
  private readonly looked: ReadonlySet<string>
  private readonly run: Run
  private readonly locales: ReadonlyArray<string>
  private readonly before: Known

  constructor(run: Run, locales: ReadonlyArray<string>, before: Known) {
    this.run = run
    this.locales = locales
    this.before = before
    this.reached = before.watermark
    this.looked = new Set(before.looked)
  }

  /** Takes in a page; answers with the second that it reaches, 0 for an empty one. */
  readonly add = (wires: ReadonlyArray<ArticleWire>) =>
    Effect.map(this.itemsOf(wires), (items) => {
      let last = 0
      for (const wire of wires) {
        last = Math.max(last, secondOf(wire))
        this.sortIn(wire, items)
      }
      return last
    })

  private sortIn(wire: ArticleWire, items: ReadonlyMap<string, ListedItem>): void {
    const [id, second] = [idText(wire.id), secondOf(wire)]
    if (second > this.reached) this.latest.clear()
    this.reached = Math.max(this.reached, second)
    if (second === this.reached) this.latest.add(id)
    const own = items.get(keyOf(id, wire.locale))
    const known = this.keysOf(wire).flatMap((key) => items.get(key) ?? [])
    if (own !== undefined) {
      if (own.updatedAt !== updatedAtOf(wire) || !isSameRow(own.mark, wire)) this.sure.set(id, wire)
    } else if (known.length > 0) {
      if (!known.some((item) => item.updatedAt === updatedAtOf(wire))) this.sure.set(id, wire)
    } else if (second > this.before.watermark) this.sure.set(id, wire)
    else if (second === this.before.watermark && !this.looked.has(id)) this.doubtful.set(id, wire)
  }

  private keysOf(wire: ArticleWire): ReadonlyArray<string> {
    const locales = new Set([wire.locale.toLowerCase(), ...this.locales])
    return [...locales].map((locale) => keyOf(idText(wire.id), locale))
  }

  private itemsOf(wires: ReadonlyArray<ArticleWire>) {
    const keys = wires.flatMap((wire) => this.keysOf(wire))
    return this.run.store.listing.items(this.run.orgId, this.run.source.id, keys)
  }

  /** Null when there is more news than `most`. Where nothing was remembered, many doubtful ones are no news. */
  changes(most: number): Changes | null {
    const looked = this.latest.size > maxLooked ? null : [...this.latest]
    const all = [...this.sure.values(), ...this.doubtful.values()]
    if (all.length <= most) return { rows: all, watermark: this.reached, looked }
    if (this.sure.size > most || this.before.looked !== null) return null
    return { rows: [...this.sure.values()], watermark: this.reached, looked }
  }
}
