#!/usr/bin/env node
const { readFileSync } = require('node:fs')
const { join } = require('node:path')

const dist = join(__dirname, '..', 'dist')
// What `npm run build` has joined is entered by a shorter way; what the compiler alone has made is newer where it is there.
if (readFileSync(join(dist, 'cli', 'main.js'), 'latin1').startsWith('import "./main.cjs"'))
  require('../dist/cli/main.cjs')
else void import('../dist/cli/main.js')
