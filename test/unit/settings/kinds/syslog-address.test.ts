import assert from 'node:assert/strict'
import test from 'node:test'
import { syslogAddress } from '../../../../src/settings/kinds/syslog-address.ts'

const { parse, format } = syslogAddress

test('the addresses of Gunicorn are understood, and written in full', () => {
  const written = {
    'udp://localhost': 'udp://localhost:514',
    'udp://10.0.0.1:5140': 'udp://10.0.0.1:5140',
    'tcp://[::1]:601': 'tcp://[::1]:601',
    'unix:///dev/log': 'unix:///dev/log#dgram',
    'unix:///run/log#stream': 'unix:///run/log#stream',
  }
  for (const [text, whole] of Object.entries(written)) {
    const found = parse(text)
    assert.ok(found.ok, text)
    assert.equal(format(found.value), whole)
    assert.deepEqual(parse(whole), found)
  }
})

test('what leads nowhere is refused', () => {
  const wrong = [
    ...['localhost:514', 'udp://', 'udp://host:0', 'udp://host:70000', 'http://host', 'unix://dev/log'],
    ...['unix:///dev/log#raw', `unix:///${'x'.repeat(120)}`, 'udp://[fe80::g]:1', 'udp://a\nb:1'],
  ]
  for (const text of wrong) assert.equal(parse(text).ok, false, text)
})
