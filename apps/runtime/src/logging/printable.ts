/** Foreign text on its way to a terminal. */

/** Control characters and marks of direction in foreign text could rewrite what a terminal shows; tabs and line ends stay. */
export const printable = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "�")
