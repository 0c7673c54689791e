/** A small seeded generator (mulberry32): a failing run is repeated by its seed. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** True with this probability. */
  chance(p: number): boolean
  pick<A>(items: ReadonlyArray<A>): A
}

export const random = (seed: number): Random => {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    chance: (p) => next() < p,
    pick: (items) => {
      const item = items[Math.floor(next() * items.length)]
      if (item === undefined) throw new Error("nothing to pick from")
      return item
    },
  }
}
