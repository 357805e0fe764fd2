// Every calendar of the portal, read by a program that calendars are read with: ical.js.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ICAL from 'ical.js';
import { build, files, root } from './portal.mjs';

const dir = build(root);
const calendars = files(dir).filter((f) => f.endsWith('.ics'));
const bytes = (file) => readFileSync(path.join(dir, file));
const events = (file) => new ICAL.Component(ICAL.parse(bytes(file).toString('utf8'))).getAllSubcomponents('vevent').map((e) => new ICAL.Event(e));

test('there are calendars: the whole agenda, one for each territory with events, one for each event', () => {
  assert.ok(calendars.includes('agenda.ics'));
  assert.ok(calendars.some((f) => /^territoires\/[^/]+\.ics$/.test(f)));
  assert.ok(calendars.filter((f) => /^evenements\/[^/]+\.ics$/.test(f)).length >= 12);
});

test('lines end in CRLF and hold 75 octets at most, and no character is cut (RFC 5545, 3.1)', () => {
  for (const file of calendars) {
    const text = bytes(file).toString('latin1');
    assert.ok(text.endsWith('END:VCALENDAR\r\n'), file);
    for (const line of text.split('\r\n')) {
      assert.ok(line.length <= 75 && !/[\r\n]/.test(line), `${file}: ${line}`);
      assert.ok(!/^ ?[\x80-\xbf]/.test(line), `${file}: a line begins within a character`);
    }
  }
});

test('each event has what a calendar needs, and ends after it begins', () => {
  for (const file of calendars) {
    const list = events(file);
    assert.ok(list.length > 0, `${file} is empty`);
    const uids = new Set();
    for (const e of list) {
      assert.ok(e.uid && e.summary && e.startDate && e.endDate, `${file}: ${e.uid} lacks something`);
      assert.ok(e.component.getFirstPropertyValue('dtstamp'), `${file}: ${e.uid} has no DTSTAMP`);
      assert.ok(e.startDate.compare(e.endDate) < 0, `${file}: ${e.summary} ends before it begins`);
      assert.ok(!uids.has(e.uid), `${file}: ${e.uid} stands twice`);
      uids.add(e.uid);
    }
  }
});

test('the agenda says of each event what its own file says', () => {
  const facts = (e) => [e.summary, e.startDate.toString(), e.endDate.toString(), e.location, e.description];
  const own = new Map(calendars.filter((f) => f.startsWith('evenements/')).flatMap(events).map((e) => [e.uid, facts(e)]));
  const agenda = events('agenda.ics');
  for (const e of agenda) assert.deepEqual(facts(e), own.get(e.uid), e.uid);
  for (const file of calendars.filter((f) => f.startsWith('territoires/'))) {
    for (const e of events(file)) assert.ok(agenda.some((a) => a.uid === e.uid), `${file}: ${e.summary} is not in the agenda`);
  }
});
