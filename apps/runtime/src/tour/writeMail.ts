/** Somebody writes a mail to a shop. */
import type { World } from "../demo/world.ts"
import { sendMail } from "../demo/sendMail.ts"

interface Letter {
  readonly from: string
  /** The first shop where absent. */
  readonly to?: string
  readonly subject: string
  readonly text: string
}

export const writeMail = ({ urls }: Pick<World, "urls">, { from, subject, text, to }: Letter) => {
  const [host = "", port = ""] = urls.smtp.split(":")
  return sendMail({ host, port: Number(port), from, to: to ?? urls.supportAddress, subject, text })
}
