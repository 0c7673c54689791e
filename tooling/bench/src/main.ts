// `npm run bench`: each benchmark prints its number beside the target of the design and fails when it misses it.
process.stdout.write("no benchmarks yet\n")
