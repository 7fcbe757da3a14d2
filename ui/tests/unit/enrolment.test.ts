import { beforeEach, describe, expect, it } from 'vitest';
import type { CommandName } from '../../src/backend';
import { EnrolmentController } from '../../src/features/admin/enrolment.svelte';
import { language } from '../../src/messages';
import type { Scene } from '../till/scene';
import { openShell, type Shell } from './shell';

let shell: Shell;

async function open(scene: Partial<Scene> = {}): Promise<void> {
  shell = await openShell(scene);
}

const called = (name: CommandName): unknown[] => shell.asked(name);

beforeEach(() => language.choose('en'));

describe('enrolment', () => {
  it('has each answer looked at when its step is left, and uses the code at the end', async () => {
    await open({ phase: 'needs_enrolment' });
    const { hub } = shell.till;
    const enrolment = new EnrolmentController('hub.example');
    await enrolment.next();
    expect(enrolment.step).toBe('hub');
    expect(enrolment.fault?.code).toBe('hub_url_invalid');
    enrolment.hubUrl = `${hub} `;
    await enrolment.next();
    expect(enrolment.fault).toBeNull();
    expect(enrolment.step).toBe('code');
    enrolment.code = ' 111111';
    await enrolment.next();
    expect(enrolment.step).toBe('code');
    expect(enrolment.fault?.code).toBe('enrol_code_wrong');
    const code = (await shell.till.happen('enrol_code')) as string;
    enrolment.code = `${code} `;
    await enrolment.next();
    expect(enrolment.step).toBe('name');
    expect(enrolment.fault).toBeNull();
    expect(called('enrolment.check').at(-1)).toEqual({ hub_url: hub, code });
    expect(called('enrolment.enrol')).toEqual([]);
    enrolment.tillName = 'Till 3';
    expect((await enrolment.submit())?.phase).toBe('signed_out');
    expect(called('enrolment.enrol')).toEqual([{ hub_url: hub, code, till_name: 'Till 3' }]);
  });

  it('returns to the step that went wrong meanwhile, and leaves its error behind', async () => {
    await open({ phase: 'needs_enrolment' });
    const enrolment = new EnrolmentController(shell.till.hub);
    await enrolment.next();
    enrolment.code = (await shell.till.happen('enrol_code')) as string;
    await enrolment.next();
    enrolment.tillName = 'Till 3';
    enrolment.code = '111111';
    expect(await enrolment.submit()).toBeUndefined();
    expect(enrolment.step).toBe('code');
    expect(enrolment.fault?.code).toBe('enrol_code_wrong');
    enrolment.back();
    expect(enrolment.fault).toBeNull();
  });
});
