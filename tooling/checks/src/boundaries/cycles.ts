/**
 * The cycles of a graph: one per strongly connected component, as a shortest round trip from its first node.
 * Edges to nodes that are not keys are ignored.
 */
export const findCycles = (
  graph: ReadonlyMap<string, ReadonlyArray<string>>,
): ReadonlyArray<ReadonlyArray<string>> => {
  const covered = new Set<string>()
  const cycles: Array<ReadonlyArray<string>> = []
  for (const start of [...graph.keys()].toSorted()) {
    if (covered.has(start)) continue
    const cycle = shortestRoundTrip(graph, start)
    if (cycle === undefined) continue
    for (const node of cycle) covered.add(node)
    cycles.push(cycle)
  }
  return cycles
}

const shortestRoundTrip = (graph: ReadonlyMap<string, ReadonlyArray<string>>, start: string) => {
  const cameFrom = new Map<string, string>()
  const queue = [start]
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    for (const next of graph.get(node) ?? []) {
      if (next === start) return pathTo(cameFrom, start, node)
      if (!graph.has(next) || cameFrom.has(next)) continue
      cameFrom.set(next, node)
      queue.push(next)
    }
  }
  return undefined
}

const pathTo = (cameFrom: ReadonlyMap<string, string>, start: string, end: string): ReadonlyArray<string> => {
  const path: Array<string> = []
  for (let node: string | undefined = end; node !== undefined && node !== start; node = cameFrom.get(node)) {
    path.unshift(node)
  }
  return [start, ...path]
}
