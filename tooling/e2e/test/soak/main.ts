/**
 * `npm run soak -- [--minutes 10] [--rate 50]`: conversations at a steady rate against `opencx serve`, in a process of its
 * own. Fails when a message was lost or came twice, when the work falls behind, or when memory keeps growing.
 */
import { parseArgs } from "node:util"
import { pause } from "../support/customers.ts"
import { startRuntime } from "../support/runtimeProcess.ts"
import { setStage, syncHelpCenter } from "../support/stage.ts"
import { audit } from "./audit.ts"
import { startLoad } from "./load.ts"
import { growthOf, residentBytes } from "./memory.ts"

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "10" }, rate: { type: "string", default: "50" } },
})
const minutes = Number(values.minutes)
const rate = Number(values.rate)
if (!(minutes > 0 && minutes <= 120 && rate > 0 && rate <= 1000)) {
  console.error("Usage: npm run soak -- [--minutes 0.5 … 120] [--rate 1 … 1000]")
  process.exit(2)
}

const sampleEveryMs = 5000
const sayEveryMs = 30_000
/** What is under way when the load ends has this long to come to its end. */
const afterwardsMs = 120_000

const mb = (bytes: number): string => `${(bytes / 1_048_576).toFixed(0)} MB`

const stage = await setStage({ reconcileSeconds: 60 }, {}, undefined, { realTime: true })
await syncHelpCenter(stage)
const runtime = await startRuntime(stage.configFile)
const load = startLoad(stage, rate)
const startedAt = performance.now()
const memory: Array<number> = []
let said = startedAt

while (performance.now() - startedAt < minutes * 60_000) {
  await pause(sampleEveryMs)
  memory.push(await residentBytes(runtime.pid))
  if (performance.now() - said < sayEveryMs) continue
  said = performance.now()
  const { begun, open } = load.counts()
  console.log(
    `${((said - startedAt) / 1000).toFixed(0)} s: ${begun} conversations begun, ${open} open, ${mb(memory.at(-1) ?? 0)} resident`,
  )
}

const { acked, begun, openAtEnd, took } = await load.end(afterwardsMs)
const seconds = (performance.now() - startedAt) / 1000
const wrong = audit(stage, load.people())
const growth = growthOf(memory)
const ended = await runtime.stop()
await stage.close()

const quantile = (values: ReadonlyArray<number>, share: number): number =>
  Math.round([...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? 0)
const spread = (values: ReadonlyArray<number>) => ({
  p50: quantile(values, 0.5),
  p99: quantile(values, 0.99),
  most: quantile(values, 1),
})
const reached = begun / (minutes * 60)
const problems = [
  ...wrong,
  ...(openAtEnd > 0 ? [`${openAtEnd} conversations had not come to their end`] : []),
  ...(reached < rate * 0.95 ? [`only ${reached.toFixed(1)} conversations a second could be begun`] : []),
  ...(growth.grows
    ? [`memory grew from ${mb(growth.early)} to ${mb(growth.late)} between the second and the last fifth`]
    : []),
  ...(ended === 0 ? [] : [`the runtime ended with ${ended}: ${runtime.log().slice(-5).join(" | ")}`]),
]
for (const problem of problems.slice(0, 20)) console.error(`WRONG: ${problem}`)
console.log(
  JSON.stringify({
    ok: problems.length === 0,
    minutes,
    rate,
    conversations: begun,
    perSecond: Number(reached.toFixed(2)),
    seconds: Math.round(seconds),
    webhookMs: spread(acked),
    messageToAnswerMs: spread(took),
    residentMb: {
      early: Math.round(growth.early / 1_048_576),
      late: Math.round(growth.late / 1_048_576),
      highest: Math.round(Math.max(...memory) / 1_048_576),
    },
    problems: problems.length,
  }),
)
process.exit(problems.length === 0 ? 0 : 1)
