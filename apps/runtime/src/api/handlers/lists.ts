/** Items with ids in a list of a document. Whatever else stands there is left as it is, and refused where it is read. */
import { isPlain, type Plain } from "../../organizations/secretRefs.ts"

const listIn = (document: Plain, name: string): ReadonlyArray<unknown> => {
  const list = document[name]
  return Array.isArray(list) ? list : []
}

const isNamed = (item: unknown, id: string): boolean => isPlain(item) && item["id"] === id

export const has = (document: Plain, name: string, id: string): boolean =>
  listIn(document, name).some((item) => isNamed(item, id))

/** Replaces the item with this id, or adds it at the end. */
export const put = (document: Plain, name: string, item: Plain & { readonly id: string }): Plain => {
  const list = listIn(document, name)
  const next = has(document, name, item.id)
    ? list.map((one) => (isNamed(one, item.id) ? item : one))
    : [...list, item]
  return { ...document, [name]: next }
}

export const take = (document: Plain, name: string, id: string): Plain => ({
  ...document,
  [name]: listIn(document, name).filter((item) => !isNamed(item, id)),
})
