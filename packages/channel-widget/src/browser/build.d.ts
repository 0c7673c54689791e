/** What the build puts in. */

declare module "*.css" {
  const css: string
  export default css
}

/** Path of the bundle, seen from the loader. */
declare const __BUNDLE__: string
/** `sha384-…` of the bundle. */
declare const __INTEGRITY__: string
