/** Lines by which mail programs introduce what they quote, beyond those that `email-reply-parser` knows. */

/** The line above which Zendesk (in any language) and we ask people to answer: `##- … -##`. */
export const zendeskDelimiter = /^[>\s*_]*##-.{3,200}-##/

const address = String.raw`[^\s<>@]{1,100}@[^\s<>@]{1,100}`

/**
 * Attribution lines. Each begins a quote when nothing but quoted or empty lines come after it, or when it holds an
 * address. Gmail's wording in the languages that the parser misses.
 */
export const attributions: ReadonlyArray<RegExp> = [
  // Japanese, Chinese and Korean Gmail: date first, name and address last.
  new RegExp(String.raw`^\d{4}年.{2,80}[<＜]?${address}[>＞]?\s*[:：]?$`),
  /^\d{4}年.{2,120}(のメール|さんは書きました|写道|寫道)\s*[:：]?$/,
  /^(于|在|於)?\s*.{2,120}(写道|寫道)\s*[:：]$/,
  /^\d{4}[.년].{2,120}(님이 작성|님이 썼습니다|작성)\s*[:：]?$/,
  /^(في|بتاريخ|تمت كتابة ما يلي بواسطة).{2,160}(كتب|بواسطة).{0,120}:?$/u,
  /^(تمت كتابة ما يلي بواسطة|كتب|كتبت).{2,160}:?$/u,
  /^(ב|בתאריך).{4,160}(כתב|מאת).{0,120}:?$/u,
  /^.{4,120}\s(tarihinde|tarihli).{2,120}(yazdı|şunu yazdı)\s*:$/,
  /^(Vào|Lúc).{4,120}đã viết\s*:$/,
  /^(เมื่อ|ใน).{4,160}(เขียนว่า|เขียน)\s*:?$/u,
  /^(Pada|Dne|Dňa|Op|Am|El|Il|Le|Em|Den|W dniu|Në|Στις|На|За).{6,160}(menulis|napsal\(?a?\)?|napísal\(?a?\)?|schreef|schrieb|escribió|escribi[oó]|ha scritto|a écrit|escreveu|skrev|napisał\(?a?\)?|shkroi|έγραψε|написа\S*)\s*.{0,100}:$/u,
  /^.{6,160}(пишет|написал\(?а?\)?|писал\(?а?\)?|написав\(?ла\)?|пише)\s*:$/u,
  new RegExp(String.raw`^(On|Am|Le|El|Il|Op)\s.{4,120}<${address}>\s*:?$`),
  // ISO date, name, address: Gmail in languages without a word for it.
  new RegExp(String.raw`^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}.{0,80}<${address}>\s*:?$`),
  /^.{0,200}\b(said|wrote|schrieb|a écrit)\s*:$/,
  /^[-\s]+On .{6,200} wrote\s*[-\s]+$/,
  new RegExp(
    String.raw`<${address}>\s*(schrieb|wrote|a écrit|escribió|ha scritto|escreveu|schreef|skrev|napisał\(?a?\)?)\s.{0,100}:$`,
  ),
  // A time of day, an address and a colon at the end, in any language.
  new RegExp(String.raw`^(?=.{0,120}\d{1,2}[:.h]\d{2}).{0,200}<${address}>.{0,40}:$`),
]

const headerNames =
  "from|de|von|van|da|från|fra|od|kimden|от|发件人|寄件者|差出人|보낸 사람|من|מאת|" +
  "sent|envoyé|gesendet|verzonden|enviado(?: el)?|inviato|skickat|sendt|wysłano|gönderme tarihi|отправлено|发送时间|寄件日期|送信日時|보낸 날짜|تاريخ الإرسال|נשלח|" +
  "to|à|an|aan|para|a|till|til|do|kime|кому|收件人|宛先|받는 사람|إلى|אל|" +
  "date|fecha|datum|data|дата|日期|日時|날짜|cc|subject|objet|betreff|onderwerp|asunto|assunto|oggetto|ämne|emne|temat|konu|тема|主题|主旨|件名|제목|الموضوع|נושא|reply-to"

const headerLine = new RegExp(String.raw`^[>\s*_]*(?:${headerNames})[\s*_]{0,20}[:：][\s*_]{0,20}\S`, "iu")

/** True when the lines from `at` on are the header block of a quoted mail: at least three of four header lines. */
export const beginsHeaderBlock = (lines: ReadonlyArray<string>, at: number): boolean => {
  if (!headerLine.test(lines[at] ?? "")) return false
  let hits = 0
  let seen = 0
  for (let i = at; i < lines.length && seen < 6; i++) {
    const line = lines[i] ?? ""
    if (line.trim().length === 0) continue
    seen++
    if (headerLine.test(line)) hits++
  }
  return hits >= 3
}

const words =
  "original message|originalnachricht|ursprüngliche nachricht|ursprungligt meddelande|message d'origine|mensaje original|" +
  "messaggio originale|mensagem original|oorspronkelijk bericht|oprindelig meddelelse|opprinnelig melding|original-nachricht|" +
  "исходное сообщение|原始邮件|原始郵件|元のメッセージ|원본 메시지|الرسالة الأصلية|הודעה מקורית|reply message"

/** `-----Original Message-----` in its many languages. */
export const originalMessage = new RegExp(String.raw`^[>\s]*[-_=*]{2,}\s*(?:${words})\s*[-_=*]{2,}\s*$`, "iu")

/** A line that only rules off. */
export const ruler = /^\s*[-_=*]{10,}\s*$/

/** What a forwarded mail begins with. */
export const forwarded =
  /^[>\t *]*[-_=]{2,}\s*(forwarded (message|by)|weitergeleitete nachricht|message transféré|mensaje reenviado|messaggio inoltrato|mensagem encaminhada|doorgestuurd bericht|vidarebefordrat meddelande|videresendt|пересылаемое сообщение|пересланное сообщение|转发的?邮件|轉寄郵件|転送されたメッセージ|전달된 메시지|رسالة معاد توجيهها|הודעה שהועברה)/imu

/** Prefixes of a forwarded mail's subject. */
export const forwardSubject =
  /^\s*(fwd?|wg|tr|rv|enc|doorst|vs|vb|转发|轉寄|転送|전달)\s{0,9}(\[\d+\])?\s{0,9}[:：]/iu
