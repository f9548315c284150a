// A warning of Node.js in a test process is an uncaught exception, and that fails the test it happened in.
process.on('warning', (warning) => {
  throw warning
})
