/** Letters besides a to z that a language is written with. A text with another letter is in another language. */

const latin = {
  ca: "àçèéíïòóúü",
  cs: "áčďéěíňóřšťúůýž",
  da: "æøåé",
  de: "äöüß",
  en: "é",
  es: "áéíóúüñ",
  fi: "äöåšž",
  fr: "àâæçéèêëîïôœùûüÿ",
  hu: "áéíóöőúüűõû",
  id: "é",
  it: "àèéìíîòóùú",
  nl: "éëïöüáèíóú",
  no: "æøåéòôóê",
  pl: "ąćęłńóśźż",
  pt: "ãâáàçéêíóôõúü",
  ro: "ăâîșțşţ",
  sv: "åäöé",
  // The last three stand for ş, ğ and ı in texts of a broken character set.
  tr: "çğıöşüâîûþðý",
  vi: "ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
}

const cyrillic = {
  bg: "абвгдежзийклмнопрстуфхцчшщъьюя",
  ru: "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
  uk: "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
}

const arabic = {
  ar: "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي",
  fa: "ءآأؤئابپتثجچحخدذرزژسشصضطظعغفقکگلمنهوی",
}

interface Family {
  readonly letters: RegExp
  readonly languages: ReadonlyArray<readonly [string, ReadonlySet<string>]>
}

const family = (letters: RegExp, alphabets: Readonly<Record<string, string>>): Family => ({
  letters,
  languages: Object.entries(alphabets).map(([language, all]) => [language, new Set(all)]),
})

const families: ReadonlyArray<Family> = [
  family(/(?![a-z])\p{Script=Latin}/gu, latin),
  family(/\p{Script=Cyrillic}/gu, cyrillic),
  family(/\p{Script=Arabic}/gu, arabic),
]

/** A name or a foreign word may bring a letter of its own: of many letters one in so many may be strange. */
const tolerated = 0.12

/**
 * Codes of the languages (Norwegian is `no`) that a text's letters allow; empty when they tell nothing. `text`: lower case,
 * composed.
 */
export const allowedBy = (text: string): ReadonlyArray<string> => {
  for (const { languages, letters } of families) {
    const found = text.match(letters) ?? []
    if (found.length === 0) continue
    const strange = languages.map(([language, alphabet]) => ({
      language,
      share: found.filter((letter) => !alphabet.has(letter)).length / found.length,
    }))
    const least = Math.min(...strange.map((one) => one.share))
    if (least > tolerated) continue
    return strange.filter((one) => one.share <= Math.max(least, tolerated)).map((one) => one.language)
  }
  return []
}
