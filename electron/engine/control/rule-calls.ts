/** Calls that change rules: mode, preset, exclusions. */
import { fail, ok, type Result } from '../../../shared/result.ts';
import { findRule } from '../asr/rule-book.ts';
import { withExclusion } from '../settings/exclusions.ts';
import { withMode, withModes } from '../settings/rule-modes.ts';
import { presetDiff, type ModeChange } from '../settings/presets.ts';
import type { ControlDeps } from './deps.ts';
import { describeRule } from './read-calls.ts';
import type { Handlers } from './service.ts';

export function ruleCalls(deps: ControlDeps): Pick<Handlers, 'rulesSet' | 'rulesPreset' | 'rulesExclude' | 'exclusionsList'> {
  return {
    rulesSet: async ({ rule: wanted, mode }) => {
      const rule = findRule(deps.book, wanted);
      if (rule === null) return noSuchRule(wanted);
      const changed = await deps.keeper.change((settings) => withMode(settings, rule, mode));
      if (changed.ok) deps.changes.raise();
      return changed.ok ? ok({ generation: changed.value, rule: describeRule(deps, rule, true) }) : changed;
    },
    rulesPreset: async ({ preset: name }) => {
      const preset = deps.book.presets.find((one) => one.name === name);
      if (preset === undefined) return fail('no-such-preset', `There is no preset "${name.slice(0, 60)}". There are: ${deps.book.presets.map((one) => one.name).join(', ')}.`);
      let changes: readonly ModeChange[] = [];
      const changed = await deps.keeper.change((settings) => {
        changes = presetDiff(preset, settings, deps.system);
        return ok(withModes(settings, preset.modes[deps.system]));
      });
      if (changed.ok) deps.changes.raise();
      return changed.ok ? ok({ generation: changed.value, changed: [...changes] }) : changed;
    },
    rulesExclude: async ({ rule: wanted, path, remove }) => {
      const rule = wanted === null ? null : findRule(deps.book, wanted);
      if (wanted !== null && rule === null) return noSuchRule(wanted);
      const changed = await deps.keeper.change((settings) => withExclusion(settings, rule?.id ?? null, path, remove));
      if (changed.ok) deps.changes.raise();
      return changed.ok ? ok({ generation: changed.value }) : changed;
    },
    exclusionsList: () => ok({ global: [...deps.settings.current.exclusions.global], perRule: { ...deps.settings.current.exclusions.perRule } }),
  };
}

function noSuchRule(wanted: string): Result<never> {
  return fail('no-such-rule', `There is no rule "${wanted.slice(0, 100)}". "holdfast rules list" names them.`);
}
