import { connect } from "./connect.ts"
import { backup, restore } from "./backup.ts"
import { contacts } from "./contacts.ts"
import { deadLetters } from "./deadLetters.ts"
import { demo } from "./demo.ts"
import { demoSend } from "./demoSend.ts"
import { disconnect } from "./disconnect.ts"
import { doctor } from "./doctor.ts"
import { report } from "./report.ts"
import { schedules } from "./schedules.ts"
import { serve } from "./serve.ts"
import { setup } from "./setup.ts"
import { keys } from "./keys.ts"
import { sessions } from "./sessions.ts"
import { sync } from "./sync.ts"
import { tour } from "./tour.ts"
import { urls } from "./urls.ts"
import { verify } from "./verify.ts"
import { verifyE2e } from "./verifyE2e.ts"

export const commands = [
  serve,
  sync,
  report,
  urls,
  demo,
  demoSend,
  tour,
  connect,
  verify,
  verifyE2e,
  setup,
  disconnect,
  deadLetters,
  sessions,
  contacts,
  keys,
  backup,
  restore,
  doctor,
  schedules,
] as const
