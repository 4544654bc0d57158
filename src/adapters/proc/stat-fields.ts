/**
 * Cuts the text of /proc/PID/stat (proc_pid_stat(5)). The name before the fields may hold spaces and brackets.
 * @returns the fields from the third, the state, on: field n of the manual is at n - 3; null where there are fewer than `least`
 */
export function statFields(text: string, least: number): readonly string[] | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields.length < least ? null : fields;
}
