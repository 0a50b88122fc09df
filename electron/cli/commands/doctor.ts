/** `holdfast doctor`: what keeps Holdfast from protecting. Also says something useful when there is no engine to ask. */
import type { DoctorFinding } from '../../../shared/control/calls.ts';
import type { Failure } from '../../../shared/result.ts';
import { isNoEngine } from '../../host/control-client.ts';
import type { CliContext } from '../context.ts';
import { EXIT, exitCodeFor } from '../exit-codes.ts';
import { hanging } from '../output/table.ts';
import { visible } from '../output/visible.ts';
import { DOCTOR } from '../words.ts';

export async function doctorCommand(context: CliContext): Promise<number> {
  const client = await context.connect();
  if (!client.ok) return withoutEngine(context, client.error);
  try {
    const answer = await client.value.call('doctor', {});
    if (!answer.ok) return isNoEngine(answer.error) ? withoutEngine(context, answer.error) : context.fail(answer.error);
    const { findings } = answer.value;
    showFindings(context, findings);
    return findings.some((finding) => finding.level === 'problem') ? EXIT.refused : EXIT.ok;
  } finally {
    client.value.close();
  }
}

/** A failed connection is itself the finding; its message already says what to do. */
function withoutEngine(context: CliContext, failure: Failure): number {
  const socketPath = context.socketPath();
  if (!socketPath.ok) return context.fail(socketPath.error);
  showFindings(context, [
    { id: failure.code, level: 'problem', message: failure.message, fix: null },
    { id: 'engine-address', level: 'note', message: DOCTOR.engineUnreachable(socketPath.value), fix: null },
  ]);
  return exitCodeFor(failure);
}

function showFindings(context: CliContext, findings: readonly DoctorFinding[]): void {
  if (context.json) {
    context.printJson({ findings });
    return;
  }
  const leadWidth = Math.max(...Object.values(DOCTOR.levels).map((word) => word.length)) + 2;
  for (const { level, message, fix } of findings) {
    const lines = hanging(DOCTOR.levels[level].padEnd(leadWidth), visible(message), context.width);
    const paint = level === 'problem' ? context.paint.bad : level === 'note' ? context.paint.caution : context.paint.good;
    context.print(paint(lines[0]?.slice(0, leadWidth) ?? '') + (lines[0]?.slice(leadWidth) ?? ''), ...lines.slice(1));
    if (fix !== null) context.print(...hanging(' '.repeat(leadWidth) + DOCTOR.fix, visible(fix), context.width));
  }
  const problems = findings.filter((finding) => finding.level === 'problem').length;
  context.print('', problems === 0 ? DOCTOR.allWell : DOCTOR.problems(problems));
}
