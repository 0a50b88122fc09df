/** `holdfast status`: the one answer to "is this device protected?". */
import type { Gap, ProtectionState, SensorStatus, Status } from '../../../shared/status/status.ts';
import { describeState } from '../../host/words.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { hanging, pairs, table } from '../output/table.ts';
import { count, localTime } from '../output/times.ts';
import { visible } from '../output/visible.ts';
import { STATUS } from '../words.ts';

const SHOWN_GAPS = 5;

export function statusCommand(context: CliContext): Promise<number> {
  return context.withEngine(async (client) => {
    const answer = await client.call('status', {});
    if (!answer.ok) return context.fail(answer.error);
    if (context.json) context.printJson(answer.value);
    else showStatus(context, answer.value);
    return EXIT.ok;
  });
}

function showStatus(context: CliContext, status: Status): void {
  const { paint, width } = context;
  context.print(paint.dim(visible(STATUS.version(status.version, status.instance))));
  const [headline = '', ...reasons] = describeState({ ...status, pausedUntil: status.pausedUntil === null ? null : localTime(status.pausedUntil) }).map((line) => line.trim());
  context.print(paint.bold(stateColour(context, status.state)(visible(headline))));
  for (const reason of reasons) context.print(...hanging('  - ', visible(reason.replace(/^- /, '')), width));
  context.print('', ...pairs(facts(status), width));
  section(context, STATUS.sensors, sensorLines(status.sensors, width));
  section(context, STATUS.coverage, coverageLines(status, width));
  section(context, STATUS.gaps, gapLines(status.gaps, width));
  const next = nextCommands(status.state);
  if (next.length > 0) context.print('', STATUS.next, ...next.map((command) => `  ${context.hint(command)}`));
}

function stateColour(context: CliContext, state: ProtectionState): (text: string) => string {
  const { paint } = context;
  if (state === 'protected') return paint.good;
  return state === 'failed' || state === 'watchingOnly' ? paint.bad : paint.caution;
}

function facts(status: Status): (readonly [string, string])[] {
  const { sentinel, scope, window = null } = status;
  const judged = [STATUS.decisions(sentinel.decisions, sentinel.denied), ...(sentinel.p50us === null || sentinel.p99us === null ? [] : [STATUS.latency(sentinel.p50us, sentinel.p99us)])];
  return [
    [STATUS.engine, STATUS.running(status.engine.pid, status.engine.restarts)],
    [STATUS.sentinel, sentinel.pid === null ? STATUS.noSentinel : [STATUS.running(sentinel.pid, sentinel.restarts), ...judged].join('; ')],
    [STATUS.rules, STATUS.ruleCounts(status.rules)],
    ...(window === null ? [] : [[STATUS.window, visible(windowWords(window))] as const]),
    ...(scope.length === 0 ? [] : [[STATUS.scope, scope.map(visible).join(', ')] as const]),
  ];
}

function windowWords({ sandboxed, reason, better }: NonNullable<Status['window']>): string {
  return sandboxed ? STATUS.sandboxed : [STATUS.unsandboxed, reason, better].filter((part) => part !== null).join(' ');
}

function section(context: CliContext, title: string, lines: readonly string[]): void {
  if (lines.length > 0) context.print('', context.paint.bold(title), ...lines.map((line) => `  ${line}`));
}

function sensorLines(sensors: readonly SensorStatus[], width: number): string[] {
  if (sensors.length === 0) return [];
  const rows = sensors.map((sensor) => [
    visible(sensor.id),
    sensor.state,
    sensor.lost === null ? STATUS.lostUnknown : count(sensor.lost),
    `${count(Math.round(sensor.lagMs))} ms`,
    [sensor.lastEventAt === null ? '-' : localTime(sensor.lastEventAt), ...(sensor.reason === null ? [] : [visible(sensor.reason)])].join(', '),
  ]);
  return table(STATUS.sensorColumns.map((title) => ({ title })), rows, width - 2);
}

/** Mounts of which the same is to be said stand in one line. */
function coverageLines(status: Status, width: number): string[] {
  const groups = new Map<string, { readonly prevent: boolean; readonly reason: string | null; readonly mounts: string[] }>();
  for (const { mount, prevent, reason } of status.coverage) {
    const key = JSON.stringify([prevent, reason]);
    const group = groups.get(key) ?? { prevent, reason, mounts: [] };
    group.mounts.push(visible(mount));
    groups.set(key, group);
  }
  if (groups.size === 0) return [];
  const rows = [...groups.values()].map(({ prevent, reason, mounts }) => [prevent ? STATUS.yes : STATUS.no, `${mounts.join(', ')}${reason === null ? '' : `: ${visible(reason)}`}`]);
  return table(STATUS.coverageColumns.map((title) => ({ title })), rows, width - 2);
}

function gapLines(gaps: readonly Gap[], width: number): string[] {
  const latest = [...gaps].sort((a, b) => b.from.localeCompare(a.from)).slice(0, SHOWN_GAPS);
  const lines = latest.flatMap((gap) => hanging('', STATUS.gap(localTime(gap.from), gap.to === null ? null : localTime(gap.to), visible(gap.reason)), width - 2));
  return gaps.length > latest.length ? [...lines, STATUS.moreGaps(gaps.length - latest.length)] : lines;
}

function nextCommands(state: ProtectionState): string[] {
  switch (state) {
    case 'watchingOnly':
      return ['rules preset standard', 'rehearse', 'doctor'];
    case 'paused':
      return ['resume'];
    case 'partlyProtected':
    case 'failed':
    case 'starting':
      return ['doctor'];
    case 'protected':
      return [];
  }
}
