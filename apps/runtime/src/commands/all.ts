import { demo } from "./demo.ts"
import { demoSend } from "./demoSend.ts"
import { serve } from "./serve.ts"
import { sync } from "./sync.ts"
import { tour } from "./tour.ts"
import { urls } from "./urls.ts"

export const commands = [serve, sync, urls, demo, demoSend, tour] as const
