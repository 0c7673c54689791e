/** Enhanced status codes (RFC 3463) in plain words for the person on the ticket. */

const meanings: ReadonlyArray<readonly [RegExp, string]> = [
  [/^[45]\.1\.(1|3|6)$/, "the address does not exist"],
  [/^[45]\.1\.(2|10)$/, "the domain of the address does not exist or takes no mail"],
  [/^[45]\.1\.[78]$/, "the receiving server refused our sender address"],
  [/^[45]\.2\.1$/, "the mailbox is switched off"],
  [/^[45]\.2\.2$/, "the mailbox is full"],
  [/^[45]\.(2\.3|3\.4)$/, "the message is too large for the receiving server"],
  [/^[45]\.4\.(1|2|3|4)$/, "the receiving server could not be reached"],
  [/^[45]\.4\.6$/, "the mail ran in a circle between servers"],
  [/^[45]\.4\.7$/, "the receiving server could not be reached for too long"],
  [/^[45]\.5\.3$/, "there were too many recipients"],
  [/^[45]\.6\./, "the receiving server could not read the message"],
  [
    /^[45]\.7\.(20|21|22|23|24|25|26|27)$/,
    "the receiving server could not authenticate our mail (SPF, DKIM or DMARC)",
  ],
  [/^[45]\.7\./, "the receiving server refused it for policy or spam reasons"],
  [/^[45]\.1\./, "there is something wrong with the address"],
  [/^[45]\.2\./, "the mailbox takes no mail at present"],
  [/^[45]\.3\./, "the receiving mail system has a fault"],
]

const inWords: ReadonlyArray<readonly [RegExp, string]> = [
  [/\b552\b|mailbox (is )?full|over quota|quota exceeded/i, "the mailbox is full"],
  [
    /\b55[0134]\b.*(spam|blocked|blacklist|policy|reputation|rejected due)/i,
    "the receiving server refused it for policy or spam reasons",
  ],
  [
    /user unknown|no such user|unknown user|does not exist|invalid (recipient|mailbox)|recipient rejected|mailbox unavailable|address rejected|\b550\b/i,
    "the address does not exist",
  ],
  [
    /timed out|connection refused|no route to host|network (is )?unreachable/i,
    "the receiving server could not be reached",
  ],
  [
    /host (or domain )?(name )?not found|invalid domain name|host unknown|unrouteable|domain (name )?not found|dns error|no such domain/i,
    "the domain of the address does not exist or takes no mail",
  ],
]

const clean = (text: string): string =>
  text
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ")
    .replace(/\s+/g, " ")
    .trim()

/** The first line of a prose bounce that says why, or null. */
export const reasonLine = (text: string): string | null =>
  text
    .slice(0, 20_000)
    .split(/\r?\n/, 400)
    .map((line) => line.trim())
    .find(
      (line) => line.length > 8 && line.length < 400 && inWords.some(([pattern]) => pattern.test(line)),
    ) ?? null

/** "The email to a@b.example could not be delivered: the mailbox is full. The mail server said: …" */
export const explainStatus = (report: {
  readonly recipient: string | null
  readonly status: string | null
  readonly diagnostic: string | null
  readonly action?: string | null
}): string => {
  const recipient = clean(report.recipient ?? "")
    .replace(/^<|>$/g, "")
    .slice(0, 254)
  const diagnostic = clean(report.diagnostic ?? "").slice(0, 300)
  const inText = /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(diagnostic)?.[0]
  // 5.0.0 says nothing; many servers put the real code into the diagnostic.
  const codes = [report.status, inText].filter(
    (c) => c !== null && c !== undefined && !/^[45]\.0\.0$/.test(c),
  )
  const meaning =
    codes
      .map((code) => meanings.find(([pattern]) => pattern.test(code ?? ""))?.[1])
      .find((m) => m !== undefined) ??
    inWords.find(([pattern]) => pattern.test(diagnostic))?.[1] ??
    "the receiving server refused it"
  const verb = report.action === "delayed" ? "is delayed" : "could not be delivered"
  const to = recipient.length > 0 ? `The email to ${recipient}` : "The email"
  return `${to} ${verb}: ${meaning}.${diagnostic.length > 0 ? ` The mail server said: ${diagnostic}` : ""}`
}
