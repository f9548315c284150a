import assert from 'node:assert/strict'
import test from 'node:test'
import { composeSyslog, longestMessage, type SyslogEntry } from '../../../../src/log/syslog/message.ts'

const entry: SyslogEntry = {
  priority: 3,
  at: new Date('2026-11-06T15:26:41.500Z'),
  pid: 812,
  event: 'worker.died',
  facts: { worker: 3, requestId: undefined },
  text: 'worker 3 died',
}
const sender = { facility: 19, host: 'web 1', tag: 'tsicorn.shop.error', form: 'rfc5424' } as const
const standard = composeSyslog(sender)

test('a message is what RFC 5424 has it be', () => {
  assert.equal(
    standard(entry).toString(),
    '<155>1 2026-11-06T15:26:41.500Z web_1 tsicorn.shop.error 812 worker.died [tsicorn@32473 event="worker.died" worker="3"] worker 3 died',
  )
})

test('a local message is what syslog(3) writes, with the day filled up by a blank', () => {
  const line = composeSyslog({ ...sender, form: 'local' })(entry).toString()
  assert.match(line, /^<155>Nov {2}6 \d\d:\d\d:\d\d tsicorn\.shop\.error\[812\]: worker 3 died$/)
})

test('nothing that is logged ends a message, a value or a name', () => {
  const line = standard({
    ...entry,
    event: 'a b]\n',
    facts: { requestId: 'x"]\\\n[evil@1 a="b"]' },
    text: 'one\ntwo\u0000<14>1 forged',
  }).toString()
  const data =
    String.raw` a_b]_ [tsicorn@32473 event="a b\]` +
    String.raw`\\n" requestId="x\"\]\\\\n[evil@1 a=\"b\"\]"] one\ntwo\u0000<14>1 forged`
  assert.ok(line.endsWith(data), line)
  assert.doesNotMatch(line, /\n/)
})

test('no message is longer than a daemon takes, and no name longer than the standard has it', () => {
  const long = { ...entry, event: 'e'.repeat(100), facts: { requestId: 'r'.repeat(9000) }, text: 'ü'.repeat(9000) }
  const bytes = composeSyslog({ ...sender, tag: 't'.repeat(100), host: 'h'.repeat(300) })(long)
  assert.ok(bytes.length <= longestMessage)
  const [, , host = '', tag = '', , event = ''] = bytes.toString().split(' ')
  assert.deepEqual([host.length, tag.length, event.length], [255, 48, 32])
  assert.match(bytes.toString(), / … \[cut\]$/)
})
