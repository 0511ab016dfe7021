/** A value of a file for an error message: its JSON, shortened; the file may hold anything, also what is nested too deeply to be written. */
export function brief(value: unknown): string {
  try {
    const text = JSON.stringify(value) ?? String(value);
    return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
  } catch {
    return "something nested too deeply to show";
  }
}
