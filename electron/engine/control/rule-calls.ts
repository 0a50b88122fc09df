/** Calls that change rules: mode, preset, exclusions. */
import { fail, ok, type Result } from '../../../shared/result.ts';
import { checkMode, findRule, type AsrRule } from '../asr/rule-book.ts';
import { checkExclusion } from '../settings/exclusions.ts';
import { presetDiff } from '../settings/presets.ts';
import type { Settings } from '../settings/settings-schema.ts';
import type { ControlDeps } from './deps.ts';
import { describeRule } from './read-calls.ts';
import type { Handlers } from './service.ts';

export function ruleCalls(deps: ControlDeps): Pick<Handlers, 'rulesSet' | 'rulesPreset' | 'rulesExclude' | 'exclusionsList'> {
  return {
    rulesSet: async ({ rule: wanted, mode }) => {
      const rule = findRule(deps.book, wanted);
      if (rule === null) return noSuchRule(wanted);
      const allowed = checkMode(rule, mode);
      if (!allowed.ok) return allowed;
      const changed = await deps.keeper.change((settings) => ok({ ...settings, rules: { ...settings.rules, [rule.id]: mode } }));
      return changed.ok ? ok({ generation: changed.value, rule: describeRule(deps, rule, true) }) : changed;
    },
    rulesPreset: async ({ preset: name }) => {
      const preset = deps.book.presets.find((one) => one.name === name);
      if (preset === undefined) return fail('no-such-preset', `There is no preset "${name}". There are: ${deps.book.presets.map((one) => one.name).join(', ')}.`);
      const changes = presetDiff(preset, deps.settings.current, deps.system);
      const changed = await deps.keeper.change((settings) => ok({ ...settings, rules: { ...settings.rules, ...Object.fromEntries(preset.modes[deps.system]) } }));
      return changed.ok ? ok({ generation: changed.value, changed: changes }) : changed;
    },
    rulesExclude: async ({ rule: wanted, path, remove }) => {
      const rule = wanted === null ? null : findRule(deps.book, wanted);
      if (wanted !== null && rule === null) return noSuchRule(wanted);
      const checked = remove ? ok(path) : checkExclusion(path);
      if (!checked.ok) return checked;
      const changed = await deps.keeper.change((settings) => editExclusions(settings, rule, checked.value, remove));
      return changed.ok ? ok({ generation: changed.value }) : changed;
    },
    exclusionsList: () => ok({ global: [...deps.settings.current.exclusions.global], perRule: { ...deps.settings.current.exclusions.perRule } }),
  };
}

function editExclusions(settings: Settings, rule: AsrRule | null, path: string, remove: boolean): Result<Settings> {
  const { global, perRule } = settings.exclusions;
  const before = rule === null ? global : (perRule[rule.id] ?? []);
  if (remove && !before.includes(path)) return fail('no-such-exclusion', `There is no exclusion "${path}" here.`);
  const after = remove ? before.filter((one) => one !== path) : [...new Set([...before, path])];
  const exclusions = rule === null ? { global: after, perRule } : { global, perRule: { ...perRule, [rule.id]: after } };
  return ok({ ...settings, exclusions });
}

function noSuchRule(wanted: string): Result<never> {
  return fail('no-such-rule', `There is no rule "${wanted.slice(0, 100)}". "holdfast rules list" names them.`);
}
