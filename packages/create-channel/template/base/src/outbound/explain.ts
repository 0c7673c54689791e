/** The provider's error codes in words for the human who reads them on the ticket. */

const sentences: Readonly<Record<string, string>> = {
  recipient_gone: "The customer has deleted this conversation.",
  recipient_blocked: "The customer has blocked us on this channel.",
  content_refused: "The provider refuses this text because of its content rules.",
  unauthorized: "The provider refuses our API key. An administrator has to look at this account's settings.",
}

export const explainFailure = (code: string | null): string =>
  sentences[code ?? ""] ??
  `The provider could not deliver it and gives ${code === null ? "no reason" : `"${code.slice(0, 60)}" as the reason`}.`
