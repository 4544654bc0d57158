import { alertSubject } from '../app/alert-subject.ts';
import { anEmergency, asksForWord, awaitsStep, notOver, markedAlert, ofAnAgent, unseen } from '../app/marked-watch.ts';
import type { Binding } from './binding.ts';
import { anAlert, firstOf, type Reason, writable } from './reasons.ts';

const aSubject: Reason = (facts) =>
  alertSubject(facts.state, markedAlert(facts)) ? null : 'there is no page for what it is about: x clears it';

/** The pages of alerts and of emergencies. */
export const WATCH_BINDINGS: readonly Binding[] = [
  {
    id: 'alert-open',
    title: 'open',
    description: 'Go to what the alert is about: a conflict, a check, a landing, a gate, a task, a digest, an agent',
    keys: ['Enter'],
    when: ['alerts'],
    footer: 20,
    disabled: firstOf(anAlert, aSubject),
    run: (c) => c.watch.openAlert(),
  },
  {
    id: 'alert-ack',
    title: 'seen',
    description: 'You see to it: the alert stays, and calls nobody any more',
    keys: ['Space'],
    when: ['alerts'],
    footer: 21,
    disabled: firstOf(unseen, writable),
    run: (c) => c.watch.ackAlert(),
  },
  {
    id: 'alert-clear',
    title: 'clear',
    description: 'Clear the alert',
    keys: ['x', 'Delete'],
    when: ['alerts'],
    footer: 22,
    disabled: firstOf(anAlert, writable),
    run: (c) => c.clearAlert(),
  },
  {
    id: 'emergency-agent',
    title: 'agent',
    description: 'Go to the agent that the emergency is about',
    keys: ['Enter'],
    when: ['emergencies'],
    footer: 20,
    disabled: firstOf(anEmergency, ofAnAgent),
    run: (c) => c.watch.openAgent(),
  },
  {
    id: 'emergency-go',
    title: 'go',
    description: 'Go: the step that asks is taken',
    keys: ['y'],
    when: ['emergencies'],
    footer: 21,
    disabled: firstOf(anEmergency, asksForWord, writable),
    run: (c) => c.watch.go(),
  },
  {
    id: 'emergency-skip',
    title: 'skip',
    description: 'Leave out the step that asks, or is awaited',
    keys: ['n'],
    when: ['emergencies'],
    footer: 22,
    disabled: firstOf(anEmergency, awaitsStep, writable),
    run: (c) => c.watch.skip(),
  },
  {
    id: 'emergency-stop',
    title: 'stop',
    description: 'Take no further step',
    keys: ['S'],
    when: ['emergencies'],
    footer: 23,
    disabled: firstOf(anEmergency, notOver, writable),
    run: (c) => c.watch.stop(),
  },
];
