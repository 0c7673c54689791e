/** The package ships no types. `newStemmer` throws on a name that `algorithms()` does not list. */
declare module "snowball-stemmers" {
  interface Stemmer {
    stem(word: string): string
  }
  const snowball: {
    newStemmer(algorithm: string): Stemmer
    algorithms(): ReadonlyArray<string>
  }
  export default snowball
}
