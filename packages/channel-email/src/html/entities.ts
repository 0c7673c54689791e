/** Character references that occur in mail. Unknown ones stay as they are. */

const latin1 =
  "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro " +
  "para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil " +
  "Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave " +
  "Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml " +
  "igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute " +
  "thorn yuml"

const named = new Map<string, string>([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["ndash", "–"],
  ["mdash", "—"],
  ["lsquo", "‘"],
  ["rsquo", "’"],
  ["sbquo", "‚"],
  ["ldquo", "“"],
  ["rdquo", "”"],
  ["bdquo", "„"],
  ["hellip", "…"],
  ["bull", "•"],
  ["euro", "€"],
  ["trade", "™"],
  ["rarr", "→"],
  ["larr", "←"],
  ["lsaquo", "‹"],
  ["rsaquo", "›"],
  ["ensp", " "],
  ["emsp", " "],
  ["thinsp", " "],
  ["zwnj", "\u200c"],
  ["zwj", "\u200d"],
  ["oelig", "œ"],
  ["OElig", "Œ"],
  ["scaron", "š"],
  ["Scaron", "Š"],
  ["times", "×"],
  ...latin1.split(" ").map((name, i): [string, string] => [name, String.fromCharCode(160 + i)]),
])

/** Bytes 0x80 to 0x9f as windows-1252 means them: old mailers write them as numeric references. */
const windows1252 = new TextDecoder("windows-1252")

const fromCode = (code: number): string => {
  if (code >= 0x80 && code <= 0x9f) return windows1252.decode(Uint8Array.of(code))
  if (code === 0 || code > 0x10_ffff || (code >= 0xd800 && code <= 0xdfff)) return "\ufffd"
  return String.fromCodePoint(code)
}

/** Resolves character references. */
export const decodeEntities = (text: string): string =>
  text.includes("&")
    ? text.replace(
        /&(?:#[xX]([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([A-Za-z][A-Za-z0-9]{1,9}));?/g,
        (all, hex, dec, name) =>
          hex !== undefined
            ? fromCode(Number.parseInt(hex, 16))
            : dec !== undefined
              ? fromCode(Number.parseInt(dec, 10))
              : (named.get(name) ?? all),
      )
    : text
