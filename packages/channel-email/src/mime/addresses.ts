/** Address lists from headers, flattened and made comparable. */
import { foldAddress } from "@opencx/core"
import { addressParser } from "postal-mime"
import type { MailAddress } from "./Mail.ts"

const control = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g

/** A display name on one line, without control or direction marks, at most 200 characters; null when nothing is left. */
export const cleanName = (name: string | null | undefined): string | null => {
  const cleaned = (name ?? "").replace(control, " ").replace(/\s+/g, " ").trim().slice(0, 200)
  return cleaned.length === 0 ? null : cleaned
}

/** The address in comparing form, or null when it is none. */
export const cleanAddress = (address: string | null | undefined): string | null => {
  const trimmed = foldAddress((address ?? "").trim().replace(/^<|>$/g, ""))
  return trimmed.length <= 320 && /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/.test(trimmed) ? trimmed : null
}

export interface RawAddress {
  readonly name: string
  readonly address?: string | undefined
  readonly group?: ReadonlyArray<RawAddress> | undefined
}

/** Flattens groups and drops what is no address. At most 200. */
export const flatten = (list: ReadonlyArray<RawAddress> | undefined): ReadonlyArray<MailAddress> => {
  const out: Array<MailAddress> = []
  for (const entry of list ?? []) {
    for (const one of entry.group ?? [entry]) {
      const address = cleanAddress(one.address)
      if (address !== null && out.length < 200) out.push({ name: cleanName(one.name), address })
    }
  }
  return out
}

/** Reads an address list as it stands in a header. */
export const parseAddresses = (value: string | null | undefined): ReadonlyArray<MailAddress> =>
  value === null || value === undefined || value.length === 0
    ? []
    : flatten(addressParser(value.slice(0, 100_000)))
