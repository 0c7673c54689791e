/** Phone numbers in one spelling for comparing. Sending always uses the provider's own. */

/**
 * `+` and digits, in the form under which a person is one person: some countries write one mobile number in two ways, and
 * providers differ in which. Mexico dropped its `1` in 2019, Brazil added a ninth digit, Argentina writes a `9` for mobiles
 * abroad and leaves it out at home. What is no number in international form stays as it is.
 */
export const canonicalPhone = (number: string): string =>
  number
    .replace(/^\+521(\d{10})$/, "+52$1")
    .replace(/^\+55(\d{2})([6-9]\d{7})$/, "+55$19$2")
    .replace(/^\+54(?!9)(\d{10})$/, "+549$1")
