/** Names of those who sync. A name tells the machine and the process, so that a dead one on this machine is not waited for. */
import { randomUUID } from "node:crypto"
import { hostname } from "node:os"

/** A name for one run of this process. */
export const newHolder = (): string => `${hostname()}/${process.pid}/${randomUUID()}`

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It lives, and is somebody else's.
    return typeof error === "object" && error !== null && Reflect.get(error, "code") === "EPERM"
  }
}

/** True when the holder was a process of this machine that is no more. Of others nothing is known but their lease. */
export const isDead = (holder: string): boolean => {
  const [uuid, pid, ...host] = holder.split("/").toReversed()
  if (uuid === undefined || pid === undefined || host.toReversed().join("/") !== hostname()) return false
  return /^[1-9]\d{0,9}$/.test(pid) && !isAlive(Number(pid))
}
