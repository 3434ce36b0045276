// npm run audit: fails when a dependency that is shipped has a known hole of severity high or critical. A registry
// without an audit endpoint is said aloud, and is no hole.
import { spawnSync } from 'node:child_process';

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8' });
const report = parse(stdout);
const counts = report?.metadata?.vulnerabilities;

if (!counts) {
  console.error(
    `not audited: the registry gave no report (${(report?.message ?? 'no answer').replace(/ - .*/, '')})`,
  );
} else {
  console.log(`known holes of dependencies: ${JSON.stringify(counts)}`);
  const serious = Object.values(report.vulnerabilities).filter(({ severity }) =>
    ['high', 'critical'].includes(severity),
  );
  for (const { name, severity, range } of serious) console.error(`${severity}: ${name} ${range}`);
  process.exitCode = serious.length > 0 ? 1 : 0;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
