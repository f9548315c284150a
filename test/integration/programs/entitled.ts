// Sets its first argument as its title, says so, and waits for its input to end.
process.title = process.argv[2] ?? ''
process.stdout.write('entitled\n')
process.stdin.resume()
