/**
 * Fakes of messaging and voice providers on loopback: real HTTP, real signatures, faults on demand. They share no code with
 * the channel plugins, and import no test runner, so that a demonstration can run them too.
 */
export {}
