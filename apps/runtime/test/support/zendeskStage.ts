/** An emulated Zendesk and a configuration file for it, without mail: for commands about the connection. */
import {
  sampleSunshineApp,
  startEmulator,
  type Emulator,
  type EmulatorOptions,
} from "@opencx/zendesk-emulator"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePort } from "../../src/demo/ports.ts"
import { run } from "./run.ts"

export interface ZendeskStage {
  readonly emulator: Emulator
  readonly configFile: string
  readonly port: number
  /** Lays changes over the organization and writes the file anew. */
  readonly configure: (organization: object) => Promise<void>
  readonly close: () => Promise<void>
}

export const oauth = {
  type: "oauth_client_credentials",
  clientId: "opencx",
  clientSecret: "opencx-secret",
} as const

export const setZendeskStage = async (options: EmulatorOptions = {}): Promise<ZendeskStage> => {
  const dataDir = await mkdtemp(join(tmpdir(), "opencx-runtime-test-"))
  const port = await run(freePort("127.0.0.1", 0))
  const emulator = await startEmulator({ timeScale: 0.01, ...options })
  const configFile = join(dataDir, "opencx.config.json")
  const { appId, keyId, secret } = sampleSunshineApp
  const configure = (more: object) =>
    writeFile(
      configFile,
      JSON.stringify({
        publicUrl: `http://127.0.0.1:${port}`,
        http: { host: "127.0.0.1", port },
        dataDir,
        organizations: [
          {
            id: "acme",
            name: "Acme",
            zendesk: { subdomain: "acme", baseUrl: emulator.url, auth: oauth },
            messaging: { appId, keyId, secret },
            ...more,
          },
        ],
      }),
    )
  await configure({})
  return {
    emulator,
    configFile,
    port,
    configure,
    close: async () => {
      await emulator.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
