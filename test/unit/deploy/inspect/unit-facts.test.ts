import assert from 'node:assert/strict'
import test from 'node:test'
import { unitsOf } from '../../../../src/deploy/inspect/systemd.ts'
import { unitFromShow, unitFromText } from '../../../../src/deploy/inspect/unit-facts.ts'

test('a later value replaces an earlier one, and an empty one begins a list anew', () => {
  const unit = unitFromText(
    '[Service]\nUser=a\nUser=b\nListenStream=/1\nListenStream=\nListenStream=/2 \\\n/3\n# User=c\n',
  )
  assert.equal(unit.one('User'), 'b')
  assert.deepEqual(unit.all('ListenStream'), ['/2  /3'])
  assert.equal(unit.one('Group'), null)
})

// Recorded in form from `systemctl show` of systemd 252, shortened.
const shown = `Listen=/run/a/1.sock (Stream)
Listen=/run/a/2.sock (Stream)
SocketMode=0660

TimeoutStopUSec=1min 40s
WatchdogUSec=0
ExecStart={ path=/usr/bin/node ; argv[]=/usr/bin/node /x.js serve --config /e ; ignore_errors=no ; pid=0 }
CapabilityBoundingSet=
`

test('what systemctl show prints is found under the names of unit files', () => {
  const units = unitsOf(shown, ['a.socket', 'a.service'])
  assert.deepEqual(units.get('a.socket')?.all('ListenStream'), ['/run/a/1.sock', '/run/a/2.sock'])
  assert.equal(units.get('a.service')?.one('TimeoutStopSec'), '1min 40s')
  assert.equal(units.get('a.service')?.one('ExecStart'), '/usr/bin/node /x.js serve --config /e')
  assert.equal(units.get('a.service')?.one('CapabilityBoundingSet'), '')
  assert.equal(unitFromShow('').one('User'), null)
})
