/** What went wrong, with what can be done about it on a line of its own. */
export function withHint(trouble: { readonly message: string; readonly hint: string | undefined }): string {
  return trouble.hint === undefined ? trouble.message : `${trouble.message}\n${trouble.hint}`
}
