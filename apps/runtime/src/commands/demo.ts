/** `opencx demo`: emulated Zendesk, mail server and runtime with a sample organization; nothing else needed. */
import { Console, Effect } from "effect"
import { Command } from "effect/cli"
import { startWorld, type WorldUrls } from "../demo/world.ts"
import { background } from "../Runtime.ts"
import { untilStopped } from "./ending.ts"
import { portsOf, worldFlags } from "./flags.ts"
import { printJson } from "./output.ts"

const guide = (urls: WorldUrls): string => `
OpenCX for Zendesk is running with the sample organization "Larkspoke Cycles".

  Sessions           ${urls.sessions}
  Zendesk (emulated) ${urls.agent}, live chats ${urls.chats}
  Customers' mailbox ${urls.mails}
  Customers' phones  ${urls.phones} (texts, WhatsApp, calls)
  Shop with chat     ${urls.shop}
  Mail for support   ${urls.supportAddress} on SMTP ${urls.smtp}

Try this in another terminal:

  npm run opencx -- demo:send --smtp ${urls.smtp} --from dana@example.com --text "How long does shipping take?"
  npm run opencx -- demo:send --smtp ${urls.smtp} --from lee@example.com --text "I want to talk to a human, please."

The first is answered from the Help Center, the second becomes a ticket. Reply to it in the emulated Zendesk,
publicly or with an internal note, and look into the customers' mailbox. A customer's phone and the chat of the shop
work in the browser: ask for a human there, and answer in the live chat. Stop with Ctrl+C.
`

export const demo = Command.make("demo", worldFlags, (flags) =>
  Effect.scoped(
    Effect.gen(function* () {
      yield* untilStopped
      const world = yield* startWorld({ ports: portsOf(flags), dataDir: flags.dataDir, isWhole: true })
      yield* flags.json ? printJson({ ready: true, ...world.urls }) : Console.log(guide(world.urls))
      return yield* Effect.provide(background, world.services)
    }),
  ),
).pipe(
  Command.withDescription(
    "Try everything without any account: emulated Zendesk, mail server, sample Help Center",
  ),
)
