/** The organization's own words in instructions: one line, without marks that could end anything. */
export const inline = (text: string): string =>
  text
    .replace(/[\s<>`"]+/g, " ")
    .trim()
    .slice(0, 120)
