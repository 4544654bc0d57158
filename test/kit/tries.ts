/** Set-up of test files where a test has several tries: says at once why one of them failed. */
import { afterEach } from 'vitest';

afterEach(({ task }) => {
  if (!task.retry || task.result?.state !== 'fail') return;
  const why = task.result.errors?.map(({ message }) => message).join('; ') ?? 'no error';
  console.error(`a try of "${task.name}" failed: ${why.slice(0, 2_000)}`);
});
