// A lock between processes of one checkout: a file that holds the owner's process id.
import { closeSync, mkdirSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from "node:fs"
import { dirname } from "node:path"

const pollMillis = 150
// A lock file without a process id is one whose owner died between creating and writing it.
const emptyIsDeadAfterMillis = 5_000

const alive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === "EPERM"
  }
}

const tryTake = (file) => {
  try {
    const handle = openSync(file, "wx")
    writeSync(handle, String(process.pid))
    closeSync(handle)
    return true
  } catch (error) {
    if (error.code === "EEXIST") return false
    throw error
  }
}

/** Removes the lock of an owner that no longer runs. */
const dropStale = (file) => {
  try {
    const text = readFileSync(file, "utf8").trim()
    const dead =
      text === "" ? Date.now() - statSync(file).mtimeMs > emptyIsDeadAfterMillis : !alive(Number(text))
    // Read again just before: another waiter may have replaced the dead lock with its own.
    if (dead && readFileSync(file, "utf8").trim() === text) unlinkSync(file)
  } catch (error) {
    if (error.code !== "ENOENT") throw error
  }
}

/** Runs `body` while holding `file`; waits, saying so once, while another live process holds it. */
export const withLock = async (file, say, body) => {
  mkdirSync(dirname(file), { recursive: true })
  let told = false
  while (!tryTake(file)) {
    dropStale(file)
    if (!told) say("another run is installing or building here; waiting for it …")
    told = true
    await new Promise((resolve) => setTimeout(resolve, pollMillis))
  }
  const release = () => {
    try {
      unlinkSync(file)
    } catch (error) {
      if (error.code !== "ENOENT") throw error
    }
  }
  // `process.exit` skips `finally`.
  process.on("exit", release)
  try {
    return await body()
  } finally {
    process.off("exit", release)
    release()
  }
}
