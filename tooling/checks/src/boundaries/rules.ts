// The layout rules as data. A new package needs a line here: an unknown one may import nothing of ours.
import { type WorkspacePackage } from "../workspace/Workspace.ts"

const inSources: Readonly<Record<string, ReadonlyArray<string>>> = {
  "@opencx/core": [],
  "@opencx/storage": ["@opencx/core"],
  "@opencx/agent": ["@opencx/core"],
  "@opencx/zendesk": ["@opencx/core"],
  // The emulator stands in for a foreign system: knowing our code would make it lie in our favour.
  "@opencx/zendesk-emulator": [],
  "@opencx/testing": ["@opencx/core"],
  "@opencx/create-channel": [],
}

const inTestsToo = ["@opencx/testing", "@opencx/zendesk-emulator", "@opencx-tooling/postgres"]

/** Packages whose sources import `effect` and nothing else, not even Node's own modules. */
export const onlyEffect: ReadonlySet<string> = new Set(["@opencx/core"])

/** Packages of ours that `owner` may import; `all` for apps and tools. */
export const allowedWorkspaceImports = (
  owner: WorkspacePackage,
  part: "src" | "test",
): "all" | ReadonlyArray<string> => {
  if (owner.group !== "packages") return "all"
  const { name } = owner.manifest
  const channel = name.startsWith("@opencx/channel-")
  const allowed = inSources[name] ?? (channel ? ["@opencx/core"] : [])
  if (part === "src") return allowed
  // Zendesk's emulator is closed to everyone else's test but the adapter's own and its neighbours' contract suites.
  return [...allowed, ...inTestsToo].filter(
    (each) => each !== name && !(channel && each.endsWith("-emulator")),
  )
}

/** Packages outside apps/ that are programs of their own, each with the reason. */
export const allowedRunners: ReadonlySet<string> = new Set([
  // A server that a test or a shell starts by itself, in place of Zendesk.
  "@opencx/zendesk-emulator",
  // A command line that writes files and ends.
  "@opencx/create-channel",
])

const effectRunners = new Set([
  "runPromise",
  "runPromiseExit",
  "runPromiseWith",
  "runPromiseExitWith",
  "runSync",
  "runSyncExit",
  "runSyncWith",
  "runFork",
  "runForkWith",
  "runCallback",
  "runCallbackWith",
])

/** Whether a call runs effects instead of describing them. */
export const isRunner = (path: ReadonlyArray<string>): boolean => {
  const [owner, member] = path.slice(-2)
  if (member === undefined || owner === undefined) return false
  return (
    member === "runMain" ||
    (owner === "Effect" && effectRunners.has(member)) ||
    (owner === "Layer" && member === "launch") ||
    (owner === "ManagedRuntime" && member === "make")
  )
}
